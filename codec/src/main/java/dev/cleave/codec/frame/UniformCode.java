package dev.cleave.codec.frame;

/** Codes of evenly spaced values, as int8 and TAB-Q have them. */
public final class UniformCode {
    private UniformCode() {}

    /** Fills in what each code 0..{@code most} stands for. */
    public static void fill(float[] levels, float minimum, float scale, int most) {
        for (int code = 0; code <= most; code++) {
            levels[code] = value(minimum, scale, code);
        }
    }

    /** Returns x̂ = m + q·s, in double and kept finite: rounding s up may carry the last code past the largest float. */
    public static float value(float minimum, float scale, int code) {
        double value = minimum + (double) scale * code;
        return value > Float.MAX_VALUE ? Float.MAX_VALUE : (float) value;
    }
}
