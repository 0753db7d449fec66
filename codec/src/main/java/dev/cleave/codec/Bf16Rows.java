package dev.cleave.codec;

/**
 * Bfloat16, two bytes a value: the upper half of a float32, rounded to nearest, ties to even. Values beyond the largest
 * finite bfloat16 become that one, because infinity is never sent.
 */
final class Bf16Rows implements RowFormat {
    private static final int EXPONENT = 0x7F80;
    private static final int LARGEST = 0x7F7F;
    private static final int SIGN = 0x8000;

    @Override
    public int rowBytes(int width) {
        return 2 * width;
    }

    @Override
    public double write(float[] row, byte[] out, int at) {
        double squares = 0;
        for (int i = 0; i < row.length; i++) {
            int half = round(row[i]);
            LittleEndian.putShort(out, at + 2 * i, half);
            double error = (double) row[i] - widen(half);
            squares += error * error;
        }
        return squares;
    }

    @Override
    public int read(byte[] in, int at, float[] row) {
        for (int i = 0; i < row.length; i++) {
            int half = LittleEndian.getShort(in, at + 2 * i);
            if ((half & EXPONENT) == EXPONENT) {
                return 2 * i;
            }
            row[i] = widen(half);
        }
        return -1;
    }

    private static int round(float value) {
        int bits = Float.floatToRawIntBits(value);
        int half = (bits + 0x7FFF + (bits >>> 16 & 1)) >>> 16;
        return (half & EXPONENT) == EXPONENT ? half & SIGN | LARGEST : half;
    }

    private static float widen(int half) {
        return Float.intBitsToFloat(half << 16);
    }
}
