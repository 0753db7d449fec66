package dev.cleave.codec;

/** Sums in several parts, of which a processor adds to one while another is under way. */
final class Sums {
    private static final int PARTS = 4;

    private Sums() {}

    /** Returns the sum of the squares of the first {@code count} values, in double. */
    static double squares(float[] values, int count) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = 0;
        for (; i + PARTS <= count; i += PARTS) {
            a += (double) values[i] * values[i];
            b += (double) values[i + 1] * values[i + 1];
            c += (double) values[i + 2] * values[i + 2];
            d += (double) values[i + 3] * values[i + 3];
        }
        for (; i < count; i++) {
            a += (double) values[i] * values[i];
        }
        return a + b + (c + d);
    }
}
