package dev.cleave.codec.frame;

/** Bfloat16: the upper half of a float32. */
public final class Bf16 {
    private static final int EXPONENT = 0x7F80;
    private static final int LARGEST = 0x7F7F;
    private static final int SIGN = 0x8000;

    private Bf16() {}

    /** Rounds to nearest, ties to even. Values beyond the largest finite bfloat16 become that one: infinity is never sent. */
    public static int nearest(float value) {
        int bits = Float.floatToRawIntBits(value);
        int half = (bits + 0x7FFF + (bits >>> 16 & 1)) >>> 16;
        return finite(half) ? half : half & SIGN | LARGEST;
    }

    /** Rounds towards negative infinity; the least finite bfloat16 where there is none below. */
    public static int below(float value) {
        int bits = Float.floatToRawIntBits(value);
        int half = bits >>> 16;
        boolean exact = (bits & 0xFFFF) == 0;
        if (!exact && value < 0) {
            half++;
        }
        return finite(half) ? half : half & SIGN | LARGEST;
    }

    /** Rounds a number that is not negative up; the largest finite bfloat16 where there is none above. */
    public static int above(double value) {
        float single = (float) value;
        if (single < value) {
            single = Math.nextUp(single);
        }
        int bits = Float.floatToRawIntBits(single);
        int half = (bits >>> 16) + ((bits & 0xFFFF) == 0 ? 0 : 1);
        return finite(half) ? half : LARGEST;
    }

    public static float widen(int half) {
        return Float.intBitsToFloat(half << 16);
    }

    public static boolean finite(int half) {
        return (half & EXPONENT) != EXPONENT;
    }
}
