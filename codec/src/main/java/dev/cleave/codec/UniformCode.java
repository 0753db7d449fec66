package dev.cleave.codec;

/** Codes of evenly spaced values, as int8 and TAB-Q have them. */
final class UniformCode {
    private UniformCode() {}

    /** Returns x̂ = m + q·s, in double and kept finite: rounding s up may carry the last code past the largest float. */
    static float value(float minimum, float scale, int code) {
        double value = minimum + (double) scale * code;
        return value > Float.MAX_VALUE ? Float.MAX_VALUE : (float) value;
    }
}
