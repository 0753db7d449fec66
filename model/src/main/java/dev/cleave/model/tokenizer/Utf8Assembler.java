package dev.cleave.model.tokenizer;

/**
 * Makes characters of bytes that come a few at a time. What is no UTF-8 becomes U+FFFD, one for each longest beginning of a
 * character (Unicode 15.0, section 3.9, table 3-7, "substitution of maximal subparts").
 */
final class Utf8Assembler {
    private int codePoint;
    private int missing;
    private int least;
    private int greatest;
    private boolean malformed;

    /** Appends every character that these bytes complete. */
    void append(byte[] bytes, StringBuilder text) {
        for (byte b : bytes) {
            append(b & 0xff, text);
        }
    }

    /** Gives up on a character that has begun. */
    void finish(StringBuilder text) {
        if (missing > 0) {
            replace(text);
        }
    }

    /** Returns whether anything was no UTF-8. */
    boolean malformed() {
        return malformed;
    }

    void reset() {
        missing = 0;
        malformed = false;
    }

    private void append(int b, StringBuilder text) {
        if (missing > 0) {
            if (b >= least && b <= greatest) {
                codePoint = codePoint << 6 | b & 0x3f;
                least = 0x80;
                greatest = 0xbf;
                if (--missing == 0) {
                    text.appendCodePoint(codePoint);
                }
                return;
            }
            replace(text);
        }
        begin(b, text);
    }

    private void begin(int b, StringBuilder text) {
        if (b < 0x80) {
            text.append((char) b);
        } else if (b >= 0xc2 && b <= 0xdf) {
            expect(1, b & 0x1f, 0x80, 0xbf);
        } else if (b >= 0xe0 && b <= 0xef) {
            // No overlong forms, no surrogates.
            expect(2, b & 0x0f, b == 0xe0 ? 0xa0 : 0x80, b == 0xed ? 0x9f : 0xbf);
        } else if (b >= 0xf0 && b <= 0xf4) {
            expect(3, b & 0x07, b == 0xf0 ? 0x90 : 0x80, b == 0xf4 ? 0x8f : 0xbf);
        } else {
            replace(text);
        }
    }

    private void expect(int count, int bits, int from, int to) {
        missing = count;
        codePoint = bits;
        least = from;
        greatest = to;
    }

    private void replace(StringBuilder text) {
        text.append('\ufffd');
        missing = 0;
        malformed = true;
    }
}
