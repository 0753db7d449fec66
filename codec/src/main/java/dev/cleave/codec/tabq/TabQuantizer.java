package dev.cleave.codec.tabq;

import dev.cleave.codec.frame.Bf16;
import dev.cleave.codec.frame.UniformCode;

/** TS and TAB-Q of one token: finds outliers, bits and scale. It keeps the result until the next token. */
public final class TabQuantizer {
    private static final int MOST_BITS = 8;
    private static final int COARSER_TRIALS = 4;
    private static final double CAUTION = 0.985;
    private static final double WORTHWHILE = 1.008;
    private static final double NEAR = 1e-3;

    /** Of so many values the error of a scale is predicted to 2 %, four standard deviations of it being 8. */
    private static final int MANY = 1024;

    private final TabBounds bounds;
    private final QuickError quickError;
    private final float[] rest;
    private final byte[] trial;
    private final float[] levels = new float[1 << MOST_BITS];
    private final int[] outlierIndex;
    private final int[] outlierHalf;
    private int count;
    private int outliers;
    private int bits;
    private int minimumHalf;
    private int scaleHalf;
    private double bound;
    private double outlierError;
    private double error;
    private float least;
    private float greatest;
    private boolean quick;

    public TabQuantizer(TabBounds bounds, int width) {
        this.bounds = bounds;
        quickError = new QuickError(width);
        rest = new float[width];
        trial = new byte[width];
        outlierIndex = new int[TabHeader.maxOutliers(width)];
        outlierHalf = new int[TabHeader.maxOutliers(width)];
    }

    /**
     * Quantizes a token and writes its codes. Returns whether 8 bits suffice.
     *
     * @param codes takes a byte a value, from {@code offset} on; room for a row
     */
    public boolean quantize(float[] row, double squaredNorm, byte[] codes, int offset) {
        takeOutliers(row, squaredNorm);
        bound = bounds.delta() * bounds.delta() * squaredNorm;
        minimumHalf = Bf16.below(least);
        float minimum = Bf16.widen(minimumHalf);
        if (minimum > least) {
            return false;
        }
        quick = QuickError.suits(minimum, greatest);
        if (quick) {
            quickError.take(rest, count, minimum);
        }
        if (!search()) {
            return false;
        }
        error = quick ? quickCodes(codes, offset) : exactError(scaleHalf, bits, codes, offset);
        if (error > bound) {
            // What the quick error let pass by a hair.
            quick = false;
            if (!search()) {
                return false;
            }
            error = exactError(scaleHalf, bits, codes, offset);
        }
        return true;
    }

    private boolean search() {
        if (quick && bounds.entropy() && count >= MANY && predicted()) {
            return true;
        }
        if (!fewestBits()) {
            return false;
        }
        if (bounds.entropy() && bits > 1) {
            coarsen();
        }
        return true;
    }

    /** Sets outliers apart, and finds least and greatest of the rest. */
    private void takeOutliers(float[] row, double squaredNorm) {
        double threshold = bounds.outlier() * Math.sqrt(squaredNorm / row.length);
        outliers = 0;
        outlierError = 0;
        float low = Float.POSITIVE_INFINITY;
        float high = Float.NEGATIVE_INFINITY;
        int kept = 0;
        boolean apart = threshold > 0 && threshold <= Float.MAX_VALUE;
        float limit = apart ? (float) threshold : Float.POSITIVE_INFINITY;
        for (int i = 0; i < row.length; i++) {
            float value = row[i];
            if (Math.abs(value) >= limit && outliers < outlierIndex.length) {
                int half = Bf16.nearest(value);
                double lost = (double) value - Bf16.widen(half);
                outlierError += lost * lost;
                outlierIndex[outliers] = i;
                outlierHalf[outliers++] = half;
            } else {
                rest[kept++] = value;
                low = value < low ? value : low;
                high = value > high ? value : high;
            }
        }
        count = kept;
        least = low;
        greatest = high;
    }

    /** Sets bits and scale to the fewest bits that keep the bound, the scale spanning the whole range. */
    private boolean fewestBits() {
        int guess = guess();
        bits = guess;
        while (!tryBits(bits)) {
            if (++bits > MOST_BITS) {
                return false;
            }
        }
        if (bits == guess) {
            while (bits > 1 && tryBits(bits - 1)) {
                bits--;
            }
        }
        return true;
    }

    /** An error of uniform noise: count · s² / 12. */
    private int guess() {
        double range = range();
        double left = bound - outlierError;
        if (range <= 0 || left <= 0) {
            return left < 0 ? MOST_BITS : 1;
        }
        double levels = range * Math.sqrt(count / (12 * left));
        return (int) Math.max(1, Math.min(MOST_BITS, Math.ceil(Math.log(levels + 1) / Math.log(2))));
    }

    private boolean tryBits(int b) {
        return tryScale(Bf16.above(range() / ((1 << b) - 1)), b);
    }

    private double range() {
        return (double) greatest - Bf16.widen(minimumHalf);
    }

    /** Takes a scale where it keeps the bound. */
    private boolean tryScale(int half, int b) {
        double found = squaredError(half, b);
        if (found > bound) {
            return false;
        }
        scaleHalf = half;
        error = found;
        return true;
    }

    /**
     * Sets the scale to that whose error is predicted to be the bound, and bits to those that it needs. The errors of many values are
     * those of uniform noise: it takes one look where the other way takes three to six.
     *
     * @return whether it keeps the bound, and from 2 to 8 bits suffice
     */
    private boolean predicted() {
        double left = bound - outlierError;
        if (!(left > 0)) {
            return false;
        }
        int half = Bf16.nearest((float) (Math.sqrt(12 * left / count) * CAUTION));
        double levels = range() / Bf16.widen(half) + 0.5;
        if (!(levels >= 2 && levels < 1 << MOST_BITS)) {
            return false;
        }
        int needed = Integer.SIZE - Integer.numberOfLeadingZeros((int) levels);
        if (!tryScale(half, needed)) {
            return false;
        }
        bits = needed;
        coarsen();
        return true;
    }

    /** Lets the scale grow towards the bound: the codes then crowd in the middle, and cost less in the entropy stage. */
    private void coarsen() {
        double tooMuch = Double.MAX_VALUE;
        for (int trial = 0; trial < COARSER_TRIALS && error > 0; trial++) {
            double factor = Math.min(Math.sqrt(bound / error) * CAUTION, tooMuch);
            if (factor < WORTHWHILE) {
                return;
            }
            int half = Bf16.nearest((float) Math.min(Bf16.widen(scaleHalf) * factor, Float.MAX_VALUE));
            double found = squaredError(half, bits);
            if (half > scaleHalf && found <= bound) {
                scaleHalf = half;
                error = found;
            } else {
                tooMuch = Math.sqrt(factor);
            }
        }
    }

    /** Returns ‖x − x̂‖² with a scale, outliers included: exactly where it is near the bound, and in float32 elsewhere. */
    private double squaredError(int half, int b) {
        if (quick) {
            double about = outlierError + quickError.of(Bf16.widen(half));
            if (Math.abs(about - bound) > NEAR * bound) {
                return about;
            }
        }
        return exactError(half, b, trial, 0);
    }

    /** Writes the codes and returns ‖x − x̂‖², outliers included, exactly as a decoder will have it. */
    private double exactError(int half, int b, byte[] out, int offset) {
        float minimum = Bf16.widen(minimumHalf);
        float scale = Bf16.widen(half);
        double inverse = scale == 0 ? 0 : 1.0 / scale;
        int most = (1 << b) - 1;
        double squares = outlierError;
        for (int i = 0; i < count; i++) {
            int code = Math.min(most, (int) (((double) rest[i] - minimum) * inverse + 0.5));
            out[offset + i] = (byte) code;
            double lost = (double) rest[i] - UniformCode.value(minimum, scale, code);
            squares += lost * lost;
        }
        return squares;
    }

    /** Writes the codes and returns ‖x − x̂‖², outliers included, exactly as a decoder will have it. */
    private double quickCodes(byte[] codes, int offset) {
        float minimum = Bf16.widen(minimumHalf);
        float scale = Bf16.widen(scaleHalf);
        UniformCode.fill(levels, minimum, scale, (1 << bits) - 1);
        return outlierError + quickError.codes(scale, rest, levels, codes, offset);
    }

    /**
     * Quantizes the token last quantized once more, by a {@link CodedHeader}, to the same bound.
     *
     * @param row the token
     * @param apart whether its outliers stay apart
     * @param codes takes a byte a value
     * @return whether that is possible
     */
    public boolean again(CodedHeader header, float[] row, boolean apart, byte[] codes) {
        float near = Bf16.widen(scaleHalf);
        return apart
                ? header.quantize(rest, count, near, bound - outlierError, codes)
                : header.quantize(row, row.length, near, bound, codes);
    }

    /** Returns what the outliers lose. */
    public double outlierError() {
        return outlierError;
    }

    public double error() {
        return error;
    }

    public int count() {
        return count;
    }

    public int bits() {
        return bits;
    }

    public int minimumHalf() {
        return minimumHalf;
    }

    public int scaleHalf() {
        return scaleHalf;
    }

    public int outliers() {
        return outliers;
    }

    public int outlierIndex(int i) {
        return outlierIndex[i];
    }

    public int outlierHalf(int i) {
        return outlierHalf[i];
    }
}
