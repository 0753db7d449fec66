package dev.cleave.chat.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What Python does with texts. */
final class Texts {
    private Texts() {}

    /** Returns where a text stands at or behind an index; -1 where it does not. */
    static int find(Text in, Text wanted, int from) {
        for (int i = from; i + wanted.length() <= in.length(); i++) {
            if (isAt(in, wanted, i)) {
                return i;
            }
        }
        return -1;
    }

    static int findLast(Text in, Text wanted, int end) {
        for (int i = end - wanted.length(); i >= 0; i--) {
            if (isAt(in, wanted, i)) {
                return i;
            }
        }
        return -1;
    }

    static boolean isAt(Text in, Text wanted, int at) {
        if (at < 0 || at + wanted.length() > in.length()) {
            return false;
        }
        for (int i = 0; i < wanted.length(); i++) {
            if (in.at(at + i) != wanted.at(i)) {
                return false;
            }
        }
        return true;
    }

    /** Takes blanks, or these characters, off the ends. */
    static Text strip(Text text, Text characters, boolean left, boolean right) {
        int from = 0;
        int to = text.length();
        while (left && from < to && goes(text.at(from), characters)) {
            from++;
        }
        while (right && from < to && goes(text.at(to - 1), characters)) {
            to--;
        }
        return text.slice(from, to);
    }

    private static boolean goes(int point, Text characters) {
        return characters == null
                ? Characters.isBlank(point)
                : characters.toString().indexOf(point) >= 0;
    }

    /** Splits at a separator; most is -1 for no limit. */
    static List<Object> split(Text text, Text separator, long most) {
        List<Object> pieces = new ArrayList<>();
        int from = 0;
        for (int at = find(text, separator, 0);
                at >= 0 && (most < 0 || pieces.size() < most);
                at = find(text, separator, from)) {
            pieces.add(text.slice(from, at));
            from = at + separator.length();
        }
        pieces.add(text.slice(from, text.length()));
        return pieces;
    }

    static List<Object> splitLast(Text text, Text separator, long most) {
        List<Object> pieces = new ArrayList<>();
        int to = text.length();
        for (int at = findLast(text, separator, to);
                at >= 0 && (most < 0 || pieces.size() < most);
                at = findLast(text, separator, to)) {
            pieces.add(0, text.slice(at + separator.length(), to));
            to = at;
        }
        pieces.add(0, text.slice(0, to));
        return pieces;
    }

    /** Splits at runs of blanks. */
    static List<Object> splitAtBlanks(Text text, long most) {
        List<Object> pieces = new ArrayList<>();
        int at = 0;
        while (true) {
            while (at < text.length() && Characters.isBlank(text.at(at))) {
                at++;
            }
            if (at == text.length()) {
                return pieces;
            }
            int from = at;
            if (most >= 0 && pieces.size() >= most) {
                pieces.add(text.slice(from, text.length()));
                return pieces;
            }
            while (at < text.length() && !Characters.isBlank(text.at(at))) {
                at++;
            }
            pieces.add(text.slice(from, at));
        }
    }

    static List<Object> splitLastAtBlanks(Text text, long most) {
        List<Object> pieces = new ArrayList<>();
        int at = text.length();
        while (true) {
            while (at > 0 && Characters.isBlank(text.at(at - 1))) {
                at--;
            }
            if (at == 0) {
                return pieces;
            }
            int to = at;
            if (most >= 0 && pieces.size() >= most) {
                pieces.add(0, text.slice(0, to));
                return pieces;
            }
            while (at > 0 && !Characters.isBlank(text.at(at - 1))) {
                at--;
            }
            pieces.add(0, text.slice(at, to));
        }
    }

    static List<Object> splitLines(Text text, boolean keepEnds) {
        List<Object> lines = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            if (Characters.endsLine(text.at(i))) {
                int end = i + 1 < text.length() && text.at(i) == '\r' && text.at(i + 1) == '\n' ? i + 2 : i + 1;
                lines.add(text.slice(from, keepEnds ? end : i));
                from = end;
                i = end - 1;
            }
        }
        if (from < text.length()) {
            lines.add(text.slice(from, text.length()));
        }
        return lines;
    }

    /** Replaces a text; most is -1 for no limit. */
    static Text replace(Text text, Text old, Text by, long most) {
        TextBuilder result = new TextBuilder();
        long done = 0;
        if (old.length() == 0) {
            for (int i = 0; i <= text.length(); i++) {
                if (most < 0 || done++ < most) {
                    result.append(by);
                }
                if (i < text.length()) {
                    result.append(text.at(i), text.foreignAt(i));
                }
            }
            return result.text();
        }
        int from = 0;
        for (int at = find(text, old, 0); at >= 0 && (most < 0 || done++ < most); at = find(text, old, from)) {
            result.append(text.slice(from, at)).append(by);
            from = at + old.length();
        }
        return result.append(text.slice(from, text.length())).text();
    }

    static Text upper(Text text) {
        TextBuilder result = new TextBuilder();
        for (int i = 0; i < text.length(); i++) {
            result.append(one(text, i).toUpperCase(Locale.ROOT), text.foreignAt(i));
        }
        return result.text();
    }

    static Text lower(Text text) {
        // A capital sigma at the end of a word becomes another letter than elsewhere.
        int[] whole = text.toString().toLowerCase(Locale.ROOT).codePoints().toArray();
        TextBuilder result = new TextBuilder();
        for (int i = 0; i < text.length(); i++) {
            if (text.at(i) == '\u03a3' && result.length() < whole.length) {
                result.append(whole[result.length()], text.foreignAt(i));
            } else {
                result.append(one(text, i).toLowerCase(Locale.ROOT), text.foreignAt(i));
            }
        }
        return result.text();
    }

    /** The first character in title case, the rest in lower case. */
    static Text capitalize(Text text) {
        return text.length() == 0
                ? text
                : new TextBuilder()
                        .append(titled(text.slice(0, 1)))
                        .append(lower(text)
                                .slice(
                                        lower(text.slice(0, 1)).length(),
                                        lower(text).length()))
                        .text();
    }

    /** Words, which are runs of letters with two cases, begin with title case, as {@code str.title} does it. */
    static Text title(Text text) {
        Text lower = lower(text);
        TextBuilder result = new TextBuilder();
        boolean inWord = false;
        for (int i = 0; i < text.length(); i++) {
            Text letter = text.slice(i, i + 1);
            result.append(
                    inWord ? lower.length() == text.length() ? lower.slice(i, i + 1) : lower(letter) : titled(letter));
            inWord = Characters.isCased(text.at(i));
        }
        return result.text();
    }

    private static Text titled(Text letter) {
        int title = Character.toTitleCase(letter.at(0));
        TextBuilder result = new TextBuilder();
        if (title != letter.at(0) || letter.at(0) < 0x80) {
            return result.append(title, letter.foreignAt(0)).text();
        }
        // A letter such as sharp s has no title case of one character.
        String upper = one(letter, 0).toUpperCase(Locale.ROOT);
        int first = upper.codePointAt(0);
        String rest = upper.substring(Character.charCount(first)).toLowerCase(Locale.ROOT);
        return result.append(first, letter.foreignAt(0))
                .append(rest, letter.foreignAt(0))
                .text();
    }

    private static String one(Text text, int index) {
        return new String(Character.toChars(text.at(index)));
    }
}
