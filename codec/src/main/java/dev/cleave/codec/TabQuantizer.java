package dev.cleave.codec;

/** TS and TAB-Q of one token: finds outliers, bits and scale. It keeps the result until the next token. */
final class TabQuantizer {
    private static final int MOST_BITS = 8;
    private static final int COARSER_TRIALS = 4;
    private static final double CAUTION = 0.985;
    private static final double WORTHWHILE = 1.008;

    private final TabQuality quality;
    private final float[] rest;
    private final int[] outlierIndex;
    private final int[] outlierHalf;
    private int count;
    private int outliers;
    private int bits;
    private int minimumHalf;
    private int scaleHalf;
    private double outlierError;
    private double error;
    private float greatest;

    TabQuantizer(TabQuality quality, int width) {
        this.quality = quality;
        rest = new float[width];
        outlierIndex = new int[TabHead.maxOutliers(width)];
        outlierHalf = new int[TabHead.maxOutliers(width)];
    }

    /** Quantizes a token. Returns whether 8 bits suffice. */
    boolean quantize(float[] row, double squaredNorm) {
        takeOutliers(row, squaredNorm);
        double bound = quality.delta() * quality.delta() * squaredNorm;
        float least = rest[0];
        greatest = rest[0];
        for (int i = 1; i < count; i++) {
            least = Math.min(least, rest[i]);
            greatest = Math.max(greatest, rest[i]);
        }
        minimumHalf = Bf16.below(least);
        if (Bf16.widen(minimumHalf) > least || !fewestBits(bound)) {
            return false;
        }
        if (quality.entropy() && bits > 1) {
            coarsen(bound);
        }
        return true;
    }

    private void takeOutliers(float[] row, double squaredNorm) {
        double threshold = quality.outlier() * Math.sqrt(squaredNorm / row.length);
        outliers = 0;
        count = 0;
        outlierError = 0;
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
                rest[count++] = value;
            }
        }
    }

    /** Sets bits and scale to the fewest bits that keep the bound, the scale spanning the whole range. */
    private boolean fewestBits(double bound) {
        int guess = guess(bound);
        bits = guess;
        while (!tryBits(bits, bound)) {
            if (++bits > MOST_BITS) {
                return false;
            }
        }
        if (bits == guess) {
            while (bits > 1 && tryBits(bits - 1, bound)) {
                bits--;
            }
        }
        return true;
    }

    /** An error of uniform noise: count · s² / 12. */
    private int guess(double bound) {
        double range = (double) greatest - Bf16.widen(minimumHalf);
        double left = bound - outlierError;
        if (range <= 0 || left <= 0) {
            return left < 0 ? MOST_BITS : 1;
        }
        double levels = range * Math.sqrt(count / (12 * left));
        return (int) Math.max(1, Math.min(MOST_BITS, Math.ceil(Math.log(levels + 1) / Math.log(2))));
    }

    private boolean tryBits(int b, double bound) {
        double range = (double) greatest - Bf16.widen(minimumHalf);
        int half = Bf16.above(range / ((1 << b) - 1));
        double found = squaredError(Bf16.widen(half), (1 << b) - 1);
        if (found > bound) {
            return false;
        }
        scaleHalf = half;
        error = found;
        return true;
    }

    /** Lets the scale grow towards the bound: the codes then crowd in the middle, and cost less in the entropy stage. */
    private void coarsen(double bound) {
        double tooMuch = Double.MAX_VALUE;
        for (int trial = 0; trial < COARSER_TRIALS && error > 0; trial++) {
            double factor = Math.min(Math.sqrt(bound / error) * CAUTION, tooMuch);
            if (factor < WORTHWHILE) {
                return;
            }
            int half = Bf16.nearest((float) Math.min(Bf16.widen(scaleHalf) * factor, Float.MAX_VALUE));
            double found = squaredError(Bf16.widen(half), (1 << bits) - 1);
            if (half > scaleHalf && found <= bound) {
                scaleHalf = half;
                error = found;
            } else {
                tooMuch = Math.sqrt(factor);
            }
        }
    }

    /** Returns ‖x − x̂‖² with a scale, outliers included, exactly as a decoder will have it. */
    private double squaredError(float scale, int most) {
        float minimum = Bf16.widen(minimumHalf);
        double inverse = inverse(scale);
        double squares = outlierError;
        for (int i = 0; i < count; i++) {
            double lost = (double) rest[i] - UniformCode.value(minimum, scale, code(rest[i], minimum, inverse, most));
            squares += lost * lost;
        }
        return squares;
    }

    /** Writes the codes. */
    void codes(byte[] out, int offset) {
        float minimum = Bf16.widen(minimumHalf);
        double inverse = inverse(Bf16.widen(scaleHalf));
        int most = (1 << bits) - 1;
        for (int i = 0; i < count; i++) {
            out[offset + i] = (byte) code(rest[i], minimum, inverse, most);
        }
    }

    private static double inverse(float scale) {
        return scale == 0 ? 0 : 1.0 / scale;
    }

    private static int code(float value, float minimum, double inverse, int most) {
        return Math.min(most, (int) (((double) value - minimum) * inverse + 0.5));
    }

    double error() {
        return error;
    }

    int count() {
        return count;
    }

    int bits() {
        return bits;
    }

    int minimumHalf() {
        return minimumHalf;
    }

    int scaleHalf() {
        return scaleHalf;
    }

    int outliers() {
        return outliers;
    }

    int outlierIndex(int i) {
        return outlierIndex[i];
    }

    int outlierHalf(int i) {
        return outlierHalf[i];
    }
}
