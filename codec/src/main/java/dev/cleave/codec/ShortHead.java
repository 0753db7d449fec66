package dev.cleave.codec;

/**
 * The short form of what stands before a token's codes, where the few bytes matter: a scale of 2^(e/16) in place of one of bfloat16, and
 * an offset in eighths of it in place of minimum and centre. Codes q stand around 128, and x̂ = (j/8 + q − 128) · s. Ours.
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

    /** Kind, scale and offset. */
    static final int BYTES = 3;

    /** Of more codes, the coarser scale costs more than the shorter head saves. */
    static final int MOST_CODES = 1024;

    private static final int ZERO_EXPONENT = 192;
    private static final double SCALES_IN_OCTAVE = 16;
    private static final double OFFSETS_IN_STEP = 8;
    private static final float[] SCALES = new float[CODES];

    static {
        for (int e = 0; e < CODES; e++) {
            SCALES[e] = (float) StrictMath.pow(2, (e - ZERO_EXPONENT) / SCALES_IN_OCTAVE);
        }
    }

    private final float[] levels = new float[CODES];
    private int exponent;
    private int offset;
    private double error;

    /** Fills in what each code stands for. */
    static void fill(float[] levels, int exponent, int offset) {
        double scale = SCALES[exponent];
        double least = offset / OFFSETS_IN_STEP - CENTRE;
        for (int code = 0; code < CODES; code++) {
            levels[code] = (float) ((least + code) * scale);
        }
    }

    /**
     * Quantizes values with the greatest scale around another that keeps the bound.
     *
     * @param values the first {@code count}
     * @param scale that kept the bound with another offset
     * @param bound of the squared error
     * @param codes takes a byte a value
     * @return whether there is one
     */
    boolean quantize(float[] values, int count, float scale, double bound, byte[] codes) {
        if (!(scale > 0)) {
            return false;
        }
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += values[i];
        }
        int about = (int) Math.floor(SCALES_IN_OCTAVE * Math.log(scale) / Math.log(2)) + ZERO_EXPONENT;
        for (int e = Math.min(CODES - 1, about + 1); e >= Math.max(0, about - 1); e--) {
            if (quantize(values, count, e, sum / count, bound, codes)) {
                return true;
            }
        }
        return false;
    }

    private boolean quantize(float[] values, int count, int e, double mean, double bound, byte[] codes) {
        long j = Math.round(OFFSETS_IN_STEP * mean / SCALES[e]);
        if (j != (byte) j) {
            return false;
        }
        exponent = e;
        offset = (int) j;
        fill(levels, exponent, offset);
        double inverse = 1.0 / SCALES[e];
        double first = CENTRE + 0.5 - offset / OFFSETS_IN_STEP;
        error = 0;
        for (int i = 0; i < count; i++) {
            double at = values[i] * inverse + first;
            if (!(at >= 0 && at < CODES)) {
                return false;
            }
            int code = (int) at;
            codes[i] = (byte) code;
            double lost = (double) values[i] - levels[code];
            error += lost * lost;
        }
        return error <= bound;
    }

    int exponent() {
        return exponent;
    }

    int offset() {
        return offset;
    }

    /** Returns ‖x − x̂‖² of what was quantized last. */
    double error() {
        return error;
    }
}
