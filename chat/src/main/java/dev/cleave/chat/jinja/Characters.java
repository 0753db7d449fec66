package dev.cleave.chat.jinja;

/** Classes of characters as Python has them. */
final class Characters {
    /** What {@code str.isspace} holds for, as it stands in a character class of a pattern. */
    static final String PYTHON_BLANKS =
            "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";

    private Characters() {}

    /** Returns whether {@code str.isspace} holds for a code point. */
    static boolean isBlank(int point) {
        return point >= '\t' && point <= '\r'
                || point >= 0x1c && point <= ' '
                || point == 0x85
                || point == 0xa0
                || point == 0x1680
                || point >= 0x2000 && point <= 0x200a
                || point == 0x2028
                || point == 0x2029
                || point == 0x202f
                || point == 0x205f
                || point == 0x3000;
    }

    /** Returns where the blanks at the end of a text begin. */
    static int endWithoutBlanks(String text) {
        int end = text.length();
        while (end > 0 && isBlank(text.charAt(end - 1))) {
            end--;
        }
        return end;
    }

    /** Returns whether {@code str.splitlines} ends a line there. */
    static boolean endsLine(int point) {
        return point >= '\n' && point <= '\r'
                || point >= 0x1c && point <= 0x1e
                || point == 0x85
                || point == 0x2028
                || point == 0x2029;
    }

    /** Returns whether {@code repr} shows a code point as it is. */
    static boolean isPrintable(int point) {
        switch (Character.getType(point)) {
            case Character.CONTROL:
            case Character.FORMAT:
            case Character.SURROGATE:
            case Character.PRIVATE_USE:
            case Character.UNASSIGNED:
            case Character.LINE_SEPARATOR:
            case Character.PARAGRAPH_SEPARATOR:
                return false;
            case Character.SPACE_SEPARATOR:
                return point == ' ';
            default:
                return true;
        }
    }

    static boolean isCased(int point) {
        return Character.isUpperCase(point) || Character.isLowerCase(point) || Character.isTitleCase(point);
    }
}
