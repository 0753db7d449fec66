package dev.cleave.chat.jinja;

import dev.cleave.chat.jinja.Sequences.Tuple;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;

/** Methods of {@code str}. */
final class TextMethods {
    private static final Set<String> UNKNOWN = Set.of(
            "casefold",
            "center",
            "encode",
            "expandtabs",
            "format_map",
            "isascii",
            "isdecimal",
            "isidentifier",
            "isnumeric",
            "isprintable",
            "istitle",
            "maketrans",
            "swapcase",
            "translate");

    private TextMethods() {}

    /** Returns a method, or null where {@code str} has none of that name. */
    static Callable of(Text text, String name) {
        switch (name) {
            case "strip":
            case "lstrip":
            case "rstrip":
                return arguments -> Texts.strip(
                        text,
                        optional(arguments.plain(name, 0, 1)[0], name),
                        !name.equals("rstrip"),
                        !name.equals("lstrip"));
            case "split":
            case "rsplit":
                return arguments ->
                        split(text, name, arguments.bind(name, new String[] {"sep", "maxsplit"}, null, -1L));
            case "splitlines":
                return arguments -> Texts.splitLines(
                        text, Values.isTrue(arguments.bind(name, new String[] {"keepends"}, false)[0]));
            case "startswith":
            case "endswith":
                return arguments -> startsOrEnds(text, name.equals("startswith"), arguments.plain(name, 1, 3), name);
            case "replace":
                return arguments -> {
                    Object[] bound = arguments.bind(name, new String[] {"old", "new", "count"}, -1L);
                    return Texts.replace(
                            text, text(bound[0], name), text(bound[1], name), Values.integer(bound[2], name));
                };
            case "find":
            case "index":
            case "rfind":
            case "rindex":
                return arguments -> find(text, name, arguments.plain(name, 1, 3));
            case "count":
                return arguments -> count(text, text(arguments.plain(name, 1, 1)[0], name));
            case "join":
                return arguments -> join(text, arguments.plain(name, 1, 1)[0]);
            case "format":
                return arguments -> Formatting.format(text, arguments);
            case "removeprefix":
            case "removesuffix":
                return arguments ->
                        without(text, text(arguments.plain(name, 1, 1)[0], name), name.equals("removeprefix"));
            case "partition":
            case "rpartition":
                return arguments ->
                        partition(text, text(arguments.plain(name, 1, 1)[0], name), name.equals("partition"));
            case "zfill":
            case "ljust":
            case "rjust":
                return arguments -> padded(text, name, arguments.plain(name, 1, 2));
            default:
                return withoutArguments(text, name);
        }
    }

    private static Callable withoutArguments(Text text, String name) {
        switch (name) {
            case "upper":
                return arguments -> none(arguments, name, Texts.upper(text));
            case "lower":
                return arguments -> none(arguments, name, Texts.lower(text));
            case "title":
                return arguments -> none(arguments, name, Texts.title(text));
            case "capitalize":
                return arguments -> none(arguments, name, Texts.capitalize(text));
            case "isspace":
                return arguments -> none(arguments, name, all(text, Characters::isBlank));
            case "isdigit":
                return arguments -> none(arguments, name, all(text, Character::isDigit));
            case "isalpha":
                return arguments -> none(arguments, name, all(text, Character::isLetter));
            case "isalnum":
                return arguments -> none(arguments, name, all(text, Character::isLetterOrDigit));
            case "isupper":
                return arguments -> none(arguments, name, isCase(text, Character::isUpperCase));
            case "islower":
                return arguments -> none(arguments, name, isCase(text, Character::isLowerCase));
            default:
                if (UNKNOWN.contains(name)) {
                    throw JinjaException.unsupported("the method '" + name + "' of a text");
                }
                return null;
        }
    }

    private static Object none(Arguments arguments, String name, Object result) {
        arguments.plain(name, 0, 0);
        return result;
    }

    private static Text text(Object value, String who) {
        if (value instanceof Text) {
            return (Text) value;
        } else if (value instanceof Undefined) {
            throw ((Undefined) value).used();
        }
        throw JinjaException.failed(who + ": a text is expected, not '" + Values.type(value) + "'");
    }

    private static Text optional(Object value, String who) {
        return value == null ? null : text(value, who);
    }

    private static Object split(Text text, String name, Object[] bound) {
        Text separator = optional(bound[0], name);
        long most = Values.integer(bound[1], name);
        if (separator == null) {
            return name.equals("split") ? Texts.splitAtBlanks(text, most) : Texts.splitLastAtBlanks(text, most);
        } else if (separator.length() == 0) {
            throw JinjaException.failed("empty separator");
        }
        return name.equals("split") ? Texts.split(text, separator, most) : Texts.splitLast(text, separator, most);
    }

    private static boolean startsOrEnds(Text text, boolean starts, Object[] bound, String name) {
        int[] range = range(text, bound[1], bound[2]);
        if (range[0] > text.length()) {
            return false;
        }
        Text part = text.slice(range[0], Math.max(range[0], range[1]));
        List<?> wanted = bound[0] instanceof Tuple ? (Tuple) bound[0] : Collections.singletonList(bound[0]);
        for (Object each : wanted) {
            Text piece = text(each, name);
            if (Texts.isAt(part, piece, starts ? 0 : part.length() - piece.length())) {
                return true;
            }
        }
        return false;
    }

    private static int[] range(Text text, Object start, Object end) {
        return new int[] {bound(text, start, 0), bound(text, end, text.length())};
    }

    private static int bound(Text text, Object value, int otherwise) {
        if (value == null) {
            return otherwise;
        }
        long index = Values.integer(value, "index");
        index = index < 0 ? Math.max(0, index + text.length()) : index;
        return (int) Math.min(index, text.length() + 1L);
    }

    private static Object find(Text text, String name, Object[] bound) {
        Text wanted = text(bound[0], name);
        int[] range = range(text, bound[1], bound[2]);
        int end = Math.min(range[1], text.length());
        int at;
        if (range[0] > text.length() || range[0] > end) {
            at = -1;
        } else if (name.startsWith("r")) {
            at = Texts.findLast(text, wanted, end);
            at = at < range[0] ? -1 : at;
        } else {
            at = Texts.find(text.slice(0, end), wanted, range[0]);
        }
        if (at < 0 && name.endsWith("index")) {
            throw JinjaException.failed("substring not found");
        }
        return (long) at;
    }

    private static Object count(Text text, Text wanted) {
        return wanted.length() == 0
                ? text.length() + 1L
                : Texts.split(text, wanted, -1).size() - 1L;
    }

    static Text join(Text separator, Object items) {
        TextBuilder all = new TextBuilder();
        int index = 0;
        for (Object item : Values.items(items)) {
            if (!(item instanceof Text)) {
                throw JinjaException.failed(
                        "sequence item " + index + ": expected str instance, " + Values.type(item) + " found");
            }
            all.append(index++ == 0 ? Text.EMPTY : separator).append((Text) item);
        }
        return all.text();
    }

    private static Text without(Text text, Text part, boolean prefix) {
        int at = prefix ? 0 : text.length() - part.length();
        if (part.length() == 0 || !Texts.isAt(text, part, at)) {
            return text;
        }
        return prefix ? text.slice(part.length(), text.length()) : text.slice(0, at);
    }

    private static Tuple partition(Text text, Text separator, boolean first) {
        if (separator.length() == 0) {
            throw JinjaException.failed("empty separator");
        }
        int at = first ? Texts.find(text, separator, 0) : Texts.findLast(text, separator, text.length());
        if (at < 0) {
            return first ? Tuple.of(text, Text.EMPTY, Text.EMPTY) : Tuple.of(Text.EMPTY, Text.EMPTY, text);
        }
        return Tuple.of(text.slice(0, at), separator, text.slice(at + separator.length(), text.length()));
    }

    private static Text padded(Text text, String name, Object[] bound) {
        long width = Values.integer(bound[0], name);
        Text fill = bound[1] == null ? Text.of(name.equals("zfill") ? "0" : " ") : text(bound[1], name);
        if (fill.length() != 1 || name.equals("zfill") && bound[1] != null) {
            throw JinjaException.failed(name + ": the fill character must be exactly one character long");
        }
        Text more = (Text) Operators.apply("*", fill, Math.max(0, width - text.length()));
        boolean signed = name.equals("zfill") && text.length() > 0 && "+-".indexOf(text.at(0)) >= 0;
        List<Text> parts = new ArrayList<>();
        if (name.equals("ljust")) {
            parts.addAll(List.of(text, more));
        } else {
            parts.addAll(List.of(text.slice(0, signed ? 1 : 0), more, text.slice(signed ? 1 : 0, text.length())));
        }
        TextBuilder all = new TextBuilder();
        parts.forEach(all::append);
        return all.text();
    }

    private static boolean all(Text text, IntPredicate of) {
        return text.length() > 0 && text.toString().codePoints().allMatch(of);
    }

    private static boolean isCase(Text text, IntPredicate of) {
        String cased = text.toString();
        return cased.codePoints().anyMatch(Characters::isCased)
                && cased.codePoints().filter(Characters::isCased).allMatch(of);
    }
}
