package dev.cleave.codec.tabq;

import dev.cleave.codec.frame.Sums;

/**
 * ‖x − x̂‖² of evenly spaced codes as a search for the scale wants it: in float32 and in loops that a compiler turns into vectors, a
 * tenth of the exact one's time. Codes are not clipped, so the scale must reach from the least value to the greatest.
 *
 * <p>How far it is off: a value's loss by 2^-24 of the range for each of the two roundings here, and of the greatest value, which is at most
 * four times that, for the decoder's; 3.6e-7 of the range in all. What TAB-Q looks for is an error near its bound, a root mean square of at
 * least Δ = 2 % of the values', whose range is at most ten times theirs without outliers: near the bound it is off by
 * 2 · 3.6e-7 / (0.02 / 10) = 3.6e-4 at most, and by less than 1e-4 for the sum's own roundings.
 */
public final class QuickError {
    /** Adding and subtracting it leaves the nearest whole number: float32 has no bits behind the point there. */
    private static final float WHOLE = 0x1.8p23f;

    private static final float HALF = 0.5f;
    private static final double LEAST_RANGE = 1e-12;
    private static final double GREATEST_RANGE = 1e15;
    private static final int LEAST_SHARE = 4;

    private final float[] above;
    private final float[] squares;
    private int count;

    public QuickError(int width) {
        above = new float[width];
        squares = new float[width];
    }

    /** Returns whether float32 tells the errors of such values apart: they span much of their magnitude, which is no extreme. */
    public static boolean suits(float least, float greatest) {
        double range = (double) greatest - least;
        return range >= LEAST_RANGE
                && range <= GREATEST_RANGE
                && range * LEAST_SHARE >= Math.max(Math.abs(least), Math.abs(greatest));
    }

    /** Takes the first {@code size} of some values, none of which is below {@code minimum}. */
    public void take(float[] values, int size, float minimum) {
        count = size;
        for (int i = 0; i < size; i++) {
            above[i] = values[i] - minimum;
        }
    }

    /** Returns the error with a scale, at least a 256th of the values' range. */
    public double of(float scale) {
        float inverse = 1 / scale;
        for (int i = 0; i < count; i++) {
            float code = above[i] * inverse + WHOLE - WHOLE;
            float loss = above[i] - code * scale;
            squares[i] = loss * loss;
        }
        return Sums.roughly(squares, count);
    }

    /**
     * Writes the codes of a scale, at least a 256th of the values' range, and returns what they lose, exactly.
     *
     * @param values as taken
     * @param levels what a decoder makes of each code
     */
    public double codes(float scale, float[] values, float[] levels, byte[] out, int offset) {
        float inverse = 1 / scale;
        double even = 0;
        double odd = 0;
        int i = 0;
        for (; i + 1 < count; i += 2) {
            int first = (int) (above[i] * inverse + HALF);
            int second = (int) (above[i + 1] * inverse + HALF);
            out[offset + i] = (byte) first;
            out[offset + i + 1] = (byte) second;
            double lostFirst = (double) values[i] - levels[first];
            double lostSecond = (double) values[i + 1] - levels[second];
            even += lostFirst * lostFirst;
            odd += lostSecond * lostSecond;
        }
        if (i < count) {
            int last = (int) (above[i] * inverse + HALF);
            out[offset + i] = (byte) last;
            double lost = (double) values[i] - levels[last];
            even += lost * lost;
        }
        return even + odd;
    }
}
