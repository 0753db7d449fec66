package dev.cleave.model.tokenizer;

/**
 * The classes of characters by which the tokenizers of the Hugging Face library split, as Unicode defines them. Java's own
 * shorthands mean other sets, and Android's yet others, so none of them is used.
 */
final class Characters {
    /** White_Space, as the inside of a bracket expression. */
    static final String WHITE_SPACE =
            "\\u0009-\\u000d\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";

    private Characters() {}

    /** Returns whether a code point is White_Space. */
    static boolean isWhiteSpace(int c) {
        return c >= 0x09 && c <= 0x0d
                || c == 0x20
                || c == 0x85
                || c == 0xa0
                || c == 0x1680
                || c >= 0x2000 && c <= 0x200a
                || c == 0x2028
                || c == 0x2029
                || c == 0x202f
                || c == 0x205f
                || c == 0x3000;
    }

    /** Returns whether a code point is part of a word: alphabetic, mark, decimal digit, connector or joiner. */
    static boolean isWord(int c) {
        if (Character.isAlphabetic(c) || c == 0x200c || c == 0x200d) {
            return true;
        }
        switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK:
            case Character.ENCLOSING_MARK:
            case Character.COMBINING_SPACING_MARK:
            case Character.DECIMAL_DIGIT_NUMBER:
            case Character.CONNECTOR_PUNCTUATION:
                return true;
            default:
                return false;
        }
    }

    /** Returns the text with each unpaired surrogate, which is no character, as U+FFFD. */
    static String wellFormed(String text) {
        StringBuilder mended = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isSurrogate(c)) {
                continue;
            }
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
                continue;
            }
            if (mended == null) {
                mended = new StringBuilder(text);
            }
            mended.setCharAt(i, '\ufffd');
        }
        return mended == null ? text : mended.toString();
    }
}
