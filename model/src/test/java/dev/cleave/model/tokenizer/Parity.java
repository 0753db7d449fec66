package dev.cleave.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Compares a tokenizer with the reference and tells where they first part. */
final class Parity implements AutoCloseable {
    final Tokenizer tokenizer;
    final Reference reference;
    private final Random random = new Random(7);

    Parity(byte[] tokenizerJson) {
        tokenizer = Tokenizer.of(tokenizerJson);
        reference = new Reference(tokenizerJson);
    }

    void assertEncodes(List<String> texts) {
        for (String text : texts) {
            assertEncodes(text, true);
        }
    }

    int[] assertEncodes(String text, boolean addSpecial) {
        int[] expected = reference.encode(text, addSpecial);
        assertSame(text, expected, tokenizer.encode(text, addSpecial));
        return expected;
    }

    void assertSame(String text, int[] expected, int[] actual) {
        int at = Arrays.mismatch(expected, actual);
        if (at >= 0) {
            fail(
                    "%s%nexpected %s%nbut was  %s%nat %d of %d and %d ids",
                    escape(text), tokens(expected, at), tokens(actual, at), at, expected.length, actual.length);
        }
    }

    /** Compares texts that are made of ids, whole and streamed. */
    void assertDecodes(int[] ids) {
        for (boolean skipSpecial : new boolean[] {true, false}) {
            String expected = reference.decode(ids, skipSpecial);
            assertThat(escape(tokenizer.decode(ids, skipSpecial)))
                    .as("%s, special tokens %s", Arrays.toString(ids), skipSpecial ? "left out" : "kept")
                    .isEqualTo(escape(expected));
            assertThat(stream(ids, skipSpecial)).isEqualTo(expected);
        }
    }

    /** Compares texts that are made of ids at random, which are seldom valid UTF-8. */
    void assertDecodesAnything(int count) {
        for (int i = 0; i < count; i++) {
            int[] ids = new int[random.nextInt(30)];
            int range = random.nextBoolean() ? tokenizer.vocabularySize() : Math.min(300, tokenizer.vocabularySize());
            for (int k = 0; k < ids.length; k++) {
                ids[k] = random.nextInt(range);
            }
            assertDecodes(ids);
        }
    }

    private String stream(int[] ids, boolean skipSpecial) {
        TextDecoder decoder = tokenizer.decoder(skipSpecial);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i <= ids.length; i++) {
            String piece = i < ids.length ? decoder.append(ids[i]) : decoder.finish();
            assertThat(Characters.wellFormed(piece))
                    .as("a piece with half a character")
                    .isEqualTo(piece);
            text.append(piece);
        }
        return text.toString();
    }

    private String tokens(int[] ids, int around) {
        StringBuilder shown = new StringBuilder(around > 5 ? "… " : "");
        for (int i = Math.max(0, around - 5); i < Math.min(ids.length, around + 6); i++) {
            shown.append(i == around ? " >> " : " ").append(ids[i]).append('=').append(escape(tokenizer.token(ids[i])));
        }
        return shown.toString();
    }

    static String escape(String text) {
        StringBuilder escaped = new StringBuilder("\"");
        String.valueOf(text).codePoints().limit(400).forEach(c -> {
            if (c >= 0x20 && c < 0x7f) {
                escaped.append((char) c);
            } else {
                escaped.append(String.format("\\u{%x}", c));
            }
        });
        return escaped.append('"').toString();
    }

    @Override
    public void close() {
        reference.close();
    }
}
