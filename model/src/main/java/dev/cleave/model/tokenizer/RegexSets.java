package dev.cleave.model.tokenizer;

import java.util.List;

/** Writes characters, sets of them and boundaries for java.util.regex, in a way that desktop and Android take alike. */
final class RegexSets {
    private RegexSets() {}

    /** Appends a character that stands for itself, within a set as well as outside. */
    static void append(StringBuilder out, char c) {
        if (c < 0x20 || c == 0x7f) {
            out.append(String.format("\\u%04x", (int) c));
        } else if (c < 0x80 && !Character.isLetterOrDigit(c)) {
            out.append('\\').append(c);
        } else {
            out.append(c);
        }
    }

    /**
     * Returns a set.
     *
     * @param negated whether it holds what is none of the following
     * @param items characters, ranges and classes
     * @param complements of whose outside the set holds everything, such as {@code \\S}; apart, because engines differ on sets
     *     within a negated one
     */
    static String of(boolean negated, String items, List<String> complements) {
        if (complements.isEmpty()) {
            return (negated ? "[^" : "[") + items + ']';
        }
        StringBuilder set = new StringBuilder("[");
        if (!negated) {
            set.append(items);
            complements.forEach(inner -> set.append("[^").append(inner).append(']'));
            return set.append(']').toString();
        }
        // Neither one of the items nor outside of any complement.
        for (String inner : complements) {
            set.append(set.length() > 1 ? "&&" : "").append('[').append(inner).append(']');
        }
        return set.append(items.isEmpty() ? "]" : "&&[^" + items + "]]").toString();
    }

    /** Returns the boundary of a word, or any other place. */
    static String boundary(boolean is) {
        String word = "[" + Characters.WORD + "]";
        return "(?:(?<=" + word + (is ? ")(?!" : ")(?=") + word + ")|(?<!" + word + (is ? ")(?=" : ")(?!") + word
                + "))";
    }
}
