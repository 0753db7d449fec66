package dev.cleave.codec.tabq;

import dev.cleave.codec.rans.SpreadTables;

/**
 * What a token's codes need besides, as symbols of the range coder in front of them: where a token has few codes, a header in bytes is a
 * good part of it. Codes q stand around 128, x̂ = (q − 128) · s with s = 2^((e − 384) / 32). Ours.
 *
 * <pre>
 *   spread     o = spread − that of the coded header before, by the table of spread 11; 'other': the token has a header in front
 *   outliers   their number n, 0..31, by the table of spread 0; of each as in {@link TabHeader}: index, 2 bytes where d > 256, and bfloat16
 *   scale      e, 0..511: of the first coded header two bytes, low byte first; of each after it o = e − the one before, by the table of
 *              spread 26, 'other' being followed by two bytes. Of a frame's only token it is what the coder's state ends with.
 * </pre>
 *
 * The first spread's difference is from what is usual for the level, see {@link TabBounds#usualSpread()}.
 */
public final class CodedHeader {
    public static final int CENTRE = 128;
    public static final int CODES = 256;
    public static final int SCALES = 512;

    /** The spreads of the tables that spread and scale are coded by. */
    public static final int SPREAD_TABLE = 11;

    public static final int SCALE_TABLE = 26;

    /** Almost all tokens have no outlier, which takes a fiftieth of a bit by this table. */
    public static final int OUTLIERS_TABLE = 0;

    /** The greatest number of outliers. */
    public static final int MOST_OUTLIERS = SpreadTables.REACH;

    /** Of more codes, the coarser scale costs more than the shorter header saves. */
    public static final int MOST_CODES = 1024;

    /** About what a header takes, in bits: 9 for a frame's only scale, else 5; 2 for the spread. */
    public static final int BITS = 11;

    /** Scales tried beside one that suits another offset: that search may stop a tenth short of the bound. */
    private static final int TRIED_ABOVE = 5;

    private static final int TRIED_BELOW = 2;

    private static final int ZERO_EXPONENT = 384;
    private static final double SCALES_IN_OCTAVE = 32;
    private static final float[] SCALE = new float[SCALES];

    static {
        for (int e = 0; e < SCALES; e++) {
            SCALE[e] = (float) StrictMath.pow(2, (e - ZERO_EXPONENT) / SCALES_IN_OCTAVE);
        }
    }

    private int exponent;
    private double error;

    /** Returns s. */
    public static float scale(int exponent) {
        return SCALE[exponent];
    }

    /** Fills in what each code stands for under a scale. */
    public static void fill(float[] levels, double scale) {
        for (int code = 0; code < CODES; code++) {
            levels[code] = value(code, scale);
        }
    }

    private static float value(int code, double scale) {
        return (float) ((code - CENTRE) * scale);
    }

    /**
     * Quantizes values with the greatest scale around another that keeps the bound.
     *
     * @param values the first {@code count}
     * @param near scale that kept the bound with an offset
     * @param bound of the squared error
     * @param codes takes a byte a value
     * @return whether there is one
     */
    public boolean quantize(float[] values, int count, float near, double bound, byte[] codes) {
        if (!(near > 0)) {
            return false;
        }
        int about = (int) Math.floor(SCALES_IN_OCTAVE * Math.log(near) / Math.log(2)) + ZERO_EXPONENT;
        for (int e = Math.min(SCALES - 1, about + TRIED_ABOVE); e >= Math.max(0, about - TRIED_BELOW); e--) {
            if (quantize(values, count, e, bound, codes)) {
                exponent = e;
                return true;
            }
        }
        return false;
    }

    private boolean quantize(float[] values, int count, int e, double bound, byte[] codes) {
        double inverse = 1.0 / SCALE[e];
        error = 0;
        for (int i = 0; i < count; i++) {
            double at = values[i] * inverse + (CENTRE + 0.5);
            if (!(at >= 0 && at < CODES)) {
                return false;
            }
            int code = (int) at;
            codes[i] = (byte) code;
            double lost = (double) values[i] - value(code, SCALE[e]);
            error += lost * lost;
        }
        return error <= bound;
    }

    public int exponent() {
        return exponent;
    }

    /** Returns ‖x − x̂‖² of what was quantized last. */
    public double error() {
        return error;
    }
}
