package dev.cleave.model.tokenizer;

import java.text.Normalizer.Form;
import java.util.BitSet;

/**
 * A Unicode normal form as the Hugging Face library computes it: by the tables of Unicode 9, in which younger characters
 * neither combine nor decompose. Java's tables are younger (13 in Java 17), so the text is cut at those of Unicode 10 to 13
 * that do; on a Java of a later Unicode, characters that came still later may differ.
 *
 * @param form one of the four
 */
record NormalForm(Form form) implements Normalizer {
    /** First and last of each range, in hexadecimal; found by comparing every assigned character with the library. */
    private static final String YOUNG = "07FD 08D3 09FE 0D3B-0D3C 0EBA 1ABF-1AC0 1DF6-1DF9 32FF A82C AB69 10D24-10D27"
            + " 10EAB-10EAC 10F46-10F50 1133B 1145E 11839-1183A 11930 11938 1193D-1193E 11943 119E0 11A34 11A47 11A99"
            + " 11D42 11D44-11D45 11D97 16FF0-16FF1 1E130-1E136 1E2EC-1E2EF 1F16C 1FBF0-1FBF9";

    private static final BitSet INERT = Characters.ranges(YOUNG);

    @Override
    public String apply(String text) {
        if (java.text.Normalizer.isNormalized(text, form)) {
            return text;
        }
        StringBuilder normalized = new StringBuilder(text.length());
        int done = 0;
        for (int i = 0, width; i < text.length(); i += width) {
            int c = text.codePointAt(i);
            width = Character.charCount(c);
            if (INERT.get(c)) {
                normalized.append(java.text.Normalizer.normalize(text.substring(done, i), form));
                normalized.appendCodePoint(c);
                done = i + width;
            }
        }
        return normalized
                .append(java.text.Normalizer.normalize(text.substring(done), form))
                .toString();
    }
}
