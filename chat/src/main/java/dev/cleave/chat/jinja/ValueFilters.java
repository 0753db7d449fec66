package dev.cleave.chat.jinja;

import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;

/** The filters over single values. */
final class ValueFilters {
    private ValueFilters() {}

    static Object apply(String name, Object value, Arguments arguments) {
        switch (name) {
            case "trim":
                Object characters = arguments.bind(name, new String[] {"chars"}, (Object) null)[0];
                return Texts.strip(
                        Printed.text(value), characters == null ? null : Printed.text(characters), true, true);
            case "default":
            case "d":
                Object[] bound = arguments.bind(name, new String[] {"default_value", "boolean"}, Text.EMPTY, false);
                boolean missing = value instanceof Undefined || Values.isTrue(bound[1]) && !Values.isTrue(value);
                return missing ? bound[0] : value;
            case "replace":
                Object[] by = arguments.bind(name, new String[] {"old", "new", "count"}, (Object) null);
                return Texts.replace(
                        Printed.text(value),
                        Printed.text(by[0]),
                        Printed.text(by[1]),
                        by[2] == null ? -1 : Values.integer(by[2], name));
            case "tojson":
                return JsonText.of(value, arguments);
            case "indent":
                if (!(value instanceof Text)) {
                    throw JinjaException.failed("indent: a text is expected, not '" + Values.type(value) + "'");
                }
                return indent((Text) value, arguments);
            case "int":
                return integer(value, arguments);
            case "float":
                return real(value, arguments);
            case "round":
                return rounded(value, arguments);
            case "attr":
                Object attribute = arguments.plain(name, 1, 1)[0];
                if (value instanceof java.util.Map) {
                    throw JinjaException.unsupported("the filter 'attr' on a dict");
                }
                return Attributes.attribute(value, Printed.text(attribute).toString());
            case "format":
                return Formatting.percent(Printed.text(value), arguments.positional());
            default:
                arguments.plain(name, 0, 0);
                return plain(name, value);
        }
    }

    private static Object plain(String name, Object value) {
        switch (name) {
            case "upper":
                return Texts.upper(Printed.text(value));
            case "lower":
                return Texts.lower(Printed.text(value));
            case "capitalize":
                return Texts.capitalize(Printed.text(value));
            case "title":
                return title(Printed.text(value));
            case "string":
                return Printed.text(value);
            case "wordcount":
                return (long) Printed.text(value).toString().split("[^\\w]+").length;
            case "safe":
                return new Safe(Printed.text(value));
            case "abs":
                if (!Values.isNumber(value)) {
                    throw JinjaException.failed("bad operand type for abs(): '" + Values.type(value) + "'");
                }
                return Numbers.compare(value, 0L) < 0 ? Operators.negated(value) : Operators.positive(value);
            default:
                throw JinjaException.unsupported("the filter '" + name + "'");
        }
    }

    /**
     * A text that {@code safe} marked: it can be printed, but not be computed with, because Jinja2 would escape what joins it.
     *
     * @param text the text
     */
    record Safe(Text text) {}

    /** Words, which begin behind blanks, dashes and opening brackets, have a capital first and small letters then. */
    private static Text title(Text text) {
        TextBuilder all = new TextBuilder();
        int from = 0;
        for (int i = 0; i <= text.length(); i++) {
            boolean separates =
                    i < text.length() && (Characters.isBlank(text.at(i)) || "-({[<".indexOf(text.at(i)) >= 0);
            if (separates || i == text.length()) {
                Text word = text.slice(from, i);
                if (word.length() > 0) {
                    all.append(Texts.upper(word.slice(0, 1))).append(Texts.lower(word.slice(1, word.length())));
                }
                if (separates) {
                    all.append(text.slice(i, i + 1));
                }
                from = i + 1;
            }
        }
        return all.text();
    }

    private static Text indent(Text text, Arguments arguments) {
        Object[] bound = arguments.bind("indent", new String[] {"width", "first", "blank"}, 4L, false, false);
        Text indentation =
                bound[0] instanceof Text ? (Text) bound[0] : (Text) Operators.apply("*", Text.of(" "), bound[0]);
        Text whole = new TextBuilder().append(text).append("\n").text();
        List<Object> lines = Texts.splitLines(whole, false);
        boolean blank = Values.isTrue(bound[2]);
        TextBuilder all = new TextBuilder();
        for (int i = 0; i < lines.size(); i++) {
            Text line = (Text) lines.get(i);
            all.append(i == 0 ? "" : "\n");
            boolean indented = i == 0 ? Values.isTrue(bound[1]) : blank || line.length() > 0;
            all.append(indented ? indentation : Text.EMPTY).append(line);
        }
        return all.text();
    }

    private static Object integer(Object value, Arguments arguments) {
        Object[] bound = arguments.bind("int", new String[] {"default", "base"}, 0L, 10L);
        if (Values.integer(bound[1], "base") != 10) {
            throw JinjaException.unsupported("the filter 'int' with a base other than 10");
        } else if (value instanceof Long || value instanceof Boolean) {
            return Values.integer(value, "int");
        } else if (value instanceof Undefined) {
            throw ((Undefined) value).used();
        }
        Object number = value instanceof Text ? number((Text) value) : value;
        if (number instanceof Long) {
            return number;
        } else if (number instanceof Double && !Double.isNaN((Double) number) && !Double.isInfinite((Double) number)) {
            if (Math.abs((Double) number) >= 0x1p63) {
                throw JinjaException.unsupported("an integer of more than 64 bits");
            }
            return ((Double) number).longValue();
        }
        return bound[0];
    }

    private static Object real(Object value, Arguments arguments) {
        Object otherwise = arguments.bind("float", new String[] {"default"}, 0.0)[0];
        if (value instanceof Undefined) {
            throw ((Undefined) value).used();
        }
        Object number = value instanceof Text ? number((Text) value) : value;
        return Values.isNumber(number) ? (Object) Numbers.asDouble(number) : otherwise;
    }

    /** Returns the integer or float that a text writes in ASCII digits, or null. */
    private static Object number(Text text) {
        String written = Texts.strip(text, null, true, true).toString();
        if (written.matches("[-+]?\\d+(_\\d+)*")) {
            try {
                return Long.valueOf(written.replace("_", ""));
            } catch (NumberFormatException e) {
                throw JinjaException.unsupported("an integer of more than 64 bits");
            }
        } else if (written.matches("[-+]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][-+]?\\d+)?")) {
            return Double.valueOf(written);
        }
        switch (written.toLowerCase(Locale.ROOT)) {
            case "nan":
                return Double.NaN;
            case "inf":
            case "infinity":
                return Double.POSITIVE_INFINITY;
            case "-inf":
            case "-infinity":
                return Double.NEGATIVE_INFINITY;
            default:
                return null;
        }
    }

    private static Object rounded(Object value, Arguments arguments) {
        Object[] bound = arguments.bind("round", new String[] {"precision", "method"}, 0L, Text.of("common"));
        int digits = (int) Math.max(-400, Math.min(400, Values.integer(bound[0], "round")));
        String method = Printed.text(bound[1]).toString();
        if (!List.of("common", "ceil", "floor").contains(method)) {
            throw JinjaException.failed("method must be common, ceil or floor");
        } else if (!Values.isNumber(value)) {
            throw JinjaException.failed("type " + Values.type(value) + " doesn't define __round__ method");
        } else if (method.equals("common")) {
            if (!(value instanceof Double)) {
                if (digits < 0) {
                    throw JinjaException.unsupported("rounding an integer to tens");
                }
                return Values.integer(value, "round");
            }
            return Numbers.rounded((Double) value, digits, RoundingMode.HALF_EVEN);
        }
        double scale = Math.pow(10, digits);
        double scaled = Numbers.asDouble(value) * scale;
        return (method.equals("ceil") ? Math.ceil(scaled) : Math.floor(scaled)) / scale;
    }
}
