package dev.cleave.codec.frame;

/** Sums in several parts, of which a processor adds to one while another is under way. */
public final class Sums {
    private static final int PARTS = 4;

    private Sums() {}

    /** Returns the sum of the first {@code count} values, in float32: to 2^-24 of it for each eighth of them. */
    public static double roughly(float[] values, int count) {
        float a = 0;
        float b = 0;
        float c = 0;
        float d = 0;
        float e = 0;
        float f = 0;
        float g = 0;
        float h = 0;
        int i = 0;
        for (; i + 2 * PARTS <= count; i += 2 * PARTS) {
            a += values[i];
            b += values[i + 1];
            c += values[i + 2];
            d += values[i + 3];
            e += values[i + 4];
            f += values[i + 5];
            g += values[i + 6];
            h += values[i + 7];
        }
        for (; i < count; i++) {
            a += values[i];
        }
        return (double) a + b + c + d + ((double) e + f + g + h);
    }

    /** Returns the sum of the squares of the first {@code count} values, in double. */
    public static double squares(float[] values, int count) {
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
