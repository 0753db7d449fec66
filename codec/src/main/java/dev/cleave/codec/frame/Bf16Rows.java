package dev.cleave.codec.frame;

import dev.cleave.codec.rans.LittleEndian;

/** Bfloat16, two bytes a value, rounded to nearest. */
final class Bf16Rows implements RowFormat {
    @Override
    public int rowBytes(int width) {
        return 2 * width;
    }

    @Override
    public double write(float[] row, byte[] out, int at) {
        double squares = 0;
        for (int i = 0; i < row.length; i++) {
            int half = Bf16.nearest(row[i]);
            LittleEndian.putShort(out, at + 2 * i, half);
            double error = (double) row[i] - Bf16.widen(half);
            squares += error * error;
        }
        return squares;
    }

    @Override
    public int read(byte[] in, int at, float[] row) {
        for (int i = 0; i < row.length; i++) {
            int half = LittleEndian.getShort(in, at + 2 * i);
            if (!Bf16.finite(half)) {
                return 2 * i;
            }
            row[i] = Bf16.widen(half);
        }
        return -1;
    }
}
