package dev.cleave.codec;

/**
 * ‖x − x̂‖² of evenly spaced codes as a search for the scale wants it: to about 1e-4, in float32 and in loops that a compiler turns
 * into vectors. A tenth of the exact one's time. Codes are not clipped, so the scale must reach from the least value to the greatest.
 */
final class QuickError {
    /** Adding and subtracting it leaves the nearest whole number: float32 has no bits behind the point there. */
    private static final float WHOLE = 0x1.8p23f;

    private static final double LEAST_RANGE = 1e-12;
    private static final double GREATEST_RANGE = 1e15;
    private static final int LEAST_SHARE = 4;

    private final float[] above;
    private final float[] lost;
    private int count;

    QuickError(int width) {
        above = new float[width];
        lost = new float[width];
    }

    /** Returns whether float32 tells the errors of such values apart: they span much of their magnitude, which is no extreme. */
    static boolean suits(float least, float greatest) {
        double range = (double) greatest - least;
        return range >= LEAST_RANGE
                && range <= GREATEST_RANGE
                && range * LEAST_SHARE >= Math.max(Math.abs(least), Math.abs(greatest));
    }

    /** Takes the first {@code size} of some values, none of which is below {@code minimum}. */
    void take(float[] values, int size, float minimum) {
        count = size;
        for (int i = 0; i < size; i++) {
            above[i] = values[i] - minimum;
        }
    }

    /** Returns the error with a scale, at least a 256th of the values' range. */
    double of(float scale) {
        float inverse = 1 / scale;
        for (int i = 0; i < count; i++) {
            float code = above[i] * inverse + WHOLE - WHOLE;
            lost[i] = above[i] - code * scale;
        }
        return Sums.squares(lost, count);
    }
}
