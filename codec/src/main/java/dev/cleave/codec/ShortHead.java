package dev.cleave.codec;

/**
 * A short form of what stands before a token's codes: a scale of 2^(e/16) in place of one of bfloat16, and an offset in eighths of
 * it in place of minimum and centre. Codes q stand around 128, and x̂ = (j/8 + q − 128) · s. Ours. Encoders write {@link CodedHead} in its
 * place; older frames have it.
 *
 * <pre>
 *   kind       1   bit  7     set
 *                  bit  6     0
 *                  bit  5     there are outliers
 *                  bits 0..4  spread
 *   outliers       as in {@link TabHead}
 *   scale      1   e, s = 2^((e − 192) / 16)
 *   offset     1   j, −128..127
 * </pre>
 */
final class ShortHead {
    static final int KIND = 0x80;
    static final int RESERVED = 0x40;
    static final int OUTLIERS = 0x20;
    static final int SPREAD = 0x1F;
    static final int CENTRE = 128;
    static final int CODES = 256;

    private static final int ZERO_EXPONENT = 192;
    private static final double SCALES_IN_OCTAVE = 16;
    private static final double OFFSETS_IN_STEP = 8;

    private ShortHead() {}

    /** Fills in what each code stands for. */
    static void fill(float[] levels, int exponent, int offset) {
        double scale = (float) StrictMath.pow(2, (exponent - ZERO_EXPONENT) / SCALES_IN_OCTAVE);
        double least = offset / OFFSETS_IN_STEP - CENTRE;
        for (int code = 0; code < CODES; code++) {
            levels[code] = (float) ((least + code) * scale);
        }
    }
}
