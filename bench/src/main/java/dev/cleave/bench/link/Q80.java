package dev.cleave.bench.link;

/** GGML's Q8_0: blocks of 32 values, each a float16 scale d = max |x| / 127 and 32 signed bytes, x̂ = q·d. */
final class Q80 extends RowCoder {
    private static final int BLOCK = 32;
    private static final int BLOCK_BYTES = 2 + BLOCK;
    private static final float LEVELS = 127;
    private static final int MANTISSA = 10;

    /** @param width a multiple of 32 */
    Q80(int width) {
        super(width);
        if (width % BLOCK != 0) {
            throw new IllegalArgumentException("width=" + width + " is no multiple of " + BLOCK);
        }
    }

    @Override
    int maxRowBytes() {
        return width() / BLOCK * BLOCK_BYTES;
    }

    @Override
    int write(float[] values, byte[] out, int at) {
        int next = at;
        for (int from = 0; from < width(); from += BLOCK) {
            float greatest = 0;
            for (int i = from; i < from + BLOCK; i++) {
                greatest = Math.max(greatest, Math.abs(values[i]));
            }
            float scale = greatest / LEVELS;
            float inverse = scale == 0 ? 0 : 1 / scale;
            Uniform.putShort(out, next, half(scale));
            next += 2;
            for (int i = from; i < from + BLOCK; i++) {
                out[next++] = (byte) Math.round(values[i] * inverse);
            }
        }
        return next;
    }

    @Override
    int read(byte[] in, int at, float[] values) {
        int next = at;
        for (int from = 0; from < width(); from += BLOCK) {
            float scale = widen(Uniform.getShort(in, next));
            next += 2;
            for (int i = from; i < from + BLOCK; i++) {
                values[i] = in[next++] * scale;
            }
        }
        return next;
    }

    /** Returns the nearest float16 of a number that is not negative, ties to even; above 65504, that. */
    static int half(float value) {
        int exponent = Math.max(Math.getExponent(value), -14);
        int mantissa = (int) Math.rint(value * Math.scalb(1.0, MANTISSA - exponent));
        // A normal number's leading 1 adds itself to the exponent; so does a mantissa that was rounded up to 2.
        return Math.min((exponent + 14 << MANTISSA) + mantissa, 0x7BFF);
    }

    /** Returns the value of a float16 that is not negative and finite. */
    static float widen(int half) {
        int exponent = half >>> MANTISSA;
        int mantissa = half & (1 << MANTISSA) - 1;
        return exponent == 0
                ? Math.scalb((float) mantissa, -14 - MANTISSA)
                : Math.scalb((float) (mantissa + (1 << MANTISSA)), exponent - 15 - MANTISSA);
    }
}
