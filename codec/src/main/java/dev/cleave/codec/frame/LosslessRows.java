package dev.cleave.codec.frame;

import dev.cleave.codec.rans.LittleEndian;

/** Float32, four bytes a value. */
final class LosslessRows implements RowFormat {
    @Override
    public int rowBytes(int width) {
        return 4 * width;
    }

    @Override
    public double write(float[] row, byte[] out, int at) {
        for (int i = 0; i < row.length; i++) {
            LittleEndian.putFloat(out, at + 4 * i, row[i]);
        }
        return 0;
    }

    @Override
    public int read(byte[] in, int at, float[] row) {
        for (int i = 0; i < row.length; i++) {
            float value = LittleEndian.getFloat(in, at + 4 * i);
            if (!Float.isFinite(value)) {
                return 4 * i;
            }
            row[i] = value;
        }
        return -1;
    }
}
