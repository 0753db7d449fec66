package dev.cleave.chat.jinja;

/** The escapes of a text in quotes, which are Python's. */
final class StringLiteral {
    private static final String SHORT = "\\'\"abfnrtv";
    private static final String SHORT_MEANING = "\\'\"\u0007\b\f\n\r\t\u000b";

    private StringLiteral() {}

    /** Returns what stands between the quotes with its escapes undone; an unknown one stays as it is. */
    static String unescape(String raw, int line) {
        if (raw.indexOf('\\') < 0) {
            return raw;
        }
        StringBuilder text = new StringBuilder();
        int i = 0;
        while (i < raw.length()) {
            char c = raw.charAt(i++);
            if (c != '\\') {
                text.append(c);
                continue;
            }
            char escape = raw.charAt(i++);
            int known = SHORT.indexOf(escape);
            if (known >= 0) {
                text.append(SHORT_MEANING.charAt(known));
            } else if (escape >= '0' && escape <= '7') {
                int end = i;
                while (end < raw.length() && end < i + 2 && raw.charAt(end) >= '0' && raw.charAt(end) <= '7') {
                    end++;
                }
                text.append((char) Integer.parseInt(raw.substring(i - 1, end), 8));
                i = end;
            } else if (escape == 'x' || escape == 'u' || escape == 'U') {
                int digits = escape == 'x' ? 2 : escape == 'u' ? 4 : 8;
                text.appendCodePoint(hex(raw, i, digits, line));
                i += digits;
            } else if (escape == 'N') {
                throw JinjaException.unsupported("the escape \\N").at(line);
            } else if (escape != '\n') {
                text.append('\\').append(escape);
            }
        }
        return text.toString();
    }

    private static int hex(String raw, int from, int digits, int line) {
        if (from + digits <= raw.length() && raw.substring(from, from + digits).matches("[0-9a-fA-F]+")) {
            long point = Long.parseLong(raw.substring(from, from + digits), 16);
            if (point <= Character.MAX_CODE_POINT) {
                return (int) point;
            }
        }
        throw JinjaException.syntax("a \\x, \\u or \\U escape is cut short or too great", line);
    }
}
