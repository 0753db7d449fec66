package dev.cleave.model.tokenizer;

import java.util.BitSet;
import java.util.Locale;

/**
 * The classes of characters by which the tokenizers of the Hugging Face library split, as Unicode defines them. Java's own
 * shorthands mean other sets, and Android's yet others, so none of them is used.
 */
final class Characters {
    /** White_Space, as the inside of a bracket expression. */
    static final String WHITE_SPACE =
            "\\u0009-\\u000d\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";

    /** Alphabetic characters, marks, decimal digits and connectors, as the inside of a bracket expression. */
    private static final String ALPHABETIC = "\\p{L}\\p{M}\\p{Nd}\\p{Pc}\\p{Nl}\\u24b6-\\u24e9"
            + "\\x{1f130}-\\x{1f149}\\x{1f150}-\\x{1f169}\\x{1f170}-\\x{1f189}";

    /** What Oniguruma takes for part of a word, as the inside of a bracket expression. */
    static final String WORD = ALPHABETIC + "\\u00b2\\u00b3\\u00b9\\u00bc-\\u00be";

    /** What {@link #isWord} takes for part of a word, as the inside of a bracket expression. */
    static final String UNICODE_WORD = ALPHABETIC + "\\u200c\\u200d";

    /** Punctuation that is younger than the library's tables; found by comparing every assigned character with it. */
    private static final BitSet NO_PUNCTUATION = ranges("09FD 0A76 0C77 0C84 2E43-2E4F 2E52 10EAD 10F55-10F59"
            + " 1144B-1144F 1145A-1145B 1145D 11660-1166C 1183B 11944-11946 119E2 11A3F-11A46 11A9A-11A9C 11A9E-11AA2"
            + " 11C41-11C45 11C70-11C71 11EF7-11EF8 11FFF 16E97-16E9A 16FE2 1E95E-1E95F");

    private Characters() {}

    /**
     * Returns a property of Oniguruma's as the inside of a bracket expression, or null where it has no sure equal here:
     * general categories, scripts, and what shorthands also name.
     */
    static String property(String name) {
        if (name.matches("[LMNPSZC][a-z]?")) {
            return "\\p{" + name + "}";
        }
        switch (name.toLowerCase(Locale.ROOT).replaceAll("[ _-]", "")) {
            case "letter":
                return "\\p{L}";
            case "mark":
                return "\\p{M}";
            case "number":
                return "\\p{N}";
            case "punctuation":
                return "\\p{P}";
            case "symbol":
                return "\\p{S}";
            case "separator":
                return "\\p{Z}";
            case "digit":
                return "\\p{Nd}";
            case "space":
            case "whitespace":
                return WHITE_SPACE;
            case "word":
                return WORD;
            default:
                return script(name);
        }
    }

    private static String script(String name) {
        Character.UnicodeScript script;
        try {
            script = Character.UnicodeScript.forName(name);
        } catch (IllegalArgumentException e) {
            return null;
        }
        StringBuilder ranges = new StringBuilder();
        int first = -1;
        for (int c = 0; c <= Character.MAX_CODE_POINT + 1; c++) {
            boolean within = c <= Character.MAX_CODE_POINT && Character.UnicodeScript.of(c) == script;
            if (within && first < 0) {
                first = c;
            } else if (!within && first >= 0) {
                ranges.appendCodePoint(first).append('-').appendCodePoint(c - 1);
                first = -1;
            }
        }
        return ranges.toString();
    }

    /** Returns whether a code point is punctuation: of ASCII also what Unicode calls symbols. */
    static boolean isPunctuation(int c) {
        if (c < 0x80) {
            return c > 0x20 && c < 0x7f && !Character.isLetterOrDigit(c);
        }
        switch (Character.getType(c)) {
            case Character.CONNECTOR_PUNCTUATION:
            case Character.DASH_PUNCTUATION:
            case Character.START_PUNCTUATION:
            case Character.END_PUNCTUATION:
            case Character.INITIAL_QUOTE_PUNCTUATION:
            case Character.FINAL_QUOTE_PUNCTUATION:
            case Character.OTHER_PUNCTUATION:
                return !NO_PUNCTUATION.get(c);
            default:
                // They were punctuation then.
                return c == 0x166d || c == 0x111c9;
        }
    }

    /** Returns the characters of ranges, whose first and last ones are written in hexadecimal, with blanks between them. */
    static BitSet ranges(String written) {
        BitSet characters = new BitSet();
        for (String range : written.split(" ")) {
            int dash = range.indexOf('-');
            int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash), 16);
            characters.set(first, Integer.parseInt(range.substring(dash + 1), 16) + 1);
        }
        return characters;
    }

    /** Returns whether a code point counts as a number: of the categories Nd, Nl and No. */
    static boolean isNumber(int c) {
        int type = Character.getType(c);
        return type == Character.DECIMAL_DIGIT_NUMBER
                || type == Character.LETTER_NUMBER
                || type == Character.OTHER_NUMBER;
    }

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
