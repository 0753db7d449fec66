package dev.cleave.codec.frame;

import dev.cleave.codec.rans.LittleEndian;

/**
 * Eight bits a value: minimum m and scale s as float32, then a code q in 0..255 for each value, x̂ = m + q·s.
 *
 * <p>Asymmetric, because a transformer's activations are not centred: against a scale alone it saves up to a bit for four
 * bytes a token. s is the least float with 255·s ≥ max − m, so no code is clipped and |x − x̂| ≤ s/2, save for the rounding
 * of x̂ to float32. s = 0 where all values are equal.
 */
final class Int8Rows implements RowFormat {
    private static final int CODES = 255;
    private static final int HEADER = 8;

    @Override
    public int rowBytes(int width) {
        return HEADER + width;
    }

    @Override
    public double write(float[] row, byte[] out, int at) {
        float minimum = row[0];
        float maximum = row[0];
        for (float value : row) {
            minimum = Math.min(minimum, value);
            maximum = Math.max(maximum, value);
        }
        float scale = scale((double) maximum - minimum);
        LittleEndian.putFloat(out, at, minimum);
        LittleEndian.putFloat(out, at + 4, scale);
        double inverse = scale == 0 ? 0 : 1.0 / scale;
        double squares = 0;
        for (int i = 0; i < row.length; i++) {
            int code = (int) (((double) row[i] - minimum) * inverse + 0.5);
            out[at + HEADER + i] = (byte) code;
            double error = (double) row[i] - UniformCode.value(minimum, scale, code);
            squares += error * error;
        }
        return squares;
    }

    @Override
    public int read(byte[] in, int at, float[] row) {
        float minimum = LittleEndian.getFloat(in, at);
        if (!Float.isFinite(minimum)) {
            return 0;
        }
        float scale = LittleEndian.getFloat(in, at + 4);
        if (!(scale >= 0 && scale <= Float.MAX_VALUE)) {
            return 4;
        }
        for (int i = 0; i < row.length; i++) {
            row[i] = UniformCode.value(minimum, scale, in[at + HEADER + i] & 0xFF);
        }
        return -1;
    }

    private static float scale(double range) {
        float scale = (float) (range / CODES);
        return (double) scale * CODES < range ? Math.nextUp(scale) : scale;
    }
}
