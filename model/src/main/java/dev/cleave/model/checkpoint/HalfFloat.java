package dev.cleave.model.checkpoint;

/** IEEE 754 half precision, as 16 bits in a {@code short}. */
public final class HalfFloat {
    /** The greatest finite value. */
    public static final float MAX_VALUE = 65504f;

    // 2^112: moves a half's exponent bias (15) to a single's (127), subnormals included.
    private static final float REBIAS = 0x1p112f;

    private HalfFloat() {}

    /** Returns the value, exactly. */
    public static float toFloat(short half) {
        int magnitude = (half & 0x7fff) << 13;
        int bits;
        if (magnitude >= 0x7c00 << 13) {
            bits = magnitude + ((255 - 31) << 23);
        } else {
            bits = Float.floatToRawIntBits(Float.intBitsToFloat(magnitude) * REBIAS);
        }
        return Float.intBitsToFloat(bits | (half & 0x8000) << 16);
    }

    /** Returns the nearest half, of two equally near ones the even; beyond {@link #MAX_VALUE} it may be infinite. */
    public static short fromFloat(float value) {
        int bits = Float.floatToRawIntBits(value);
        int sign = bits >>> 16 & 0x8000;
        int magnitude = bits & 0x7fffffff;
        if (magnitude > 0x7f800000) {
            return (short) (sign | 0x7e00);
        }
        if (magnitude >= 0x47800000) {
            return (short) (sign | 0x7c00);
        }
        if (magnitude < 0x38800000) {
            // Below 2^-14 halves are multiples of 2^-24: adding 0.5, whose last bit is 2^-24, rounds to them, to even.
            float rounded = Float.intBitsToFloat(magnitude) + 0.5f;
            return (short) (sign | (Float.floatToRawIntBits(rounded) - 0x3f000000));
        }
        int odd = magnitude >>> 13 & 1;
        return (short) (sign | (magnitude - (112 << 23) + 0xfff + odd) >>> 13);
    }
}
