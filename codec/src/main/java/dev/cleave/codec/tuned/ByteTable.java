package dev.cleave.codec.tuned;

/** Rows of d values in a byte each, value = code · scale of its column. */
public final class ByteTable {
    private static final int MOST = 127;

    private final float[] scales;
    private final byte[] codes;

    /**
     * Creates a table.
     *
     * @param scales [d]
     * @param codes [rows, d]
     */
    public ByteTable(float[] scales, byte[] codes) {
        this.scales = scales;
        this.codes = codes;
    }

    /** Rounds values, [rows, d]. */
    public static ByteTable of(float[] values, int width) {
        float[] scales = new float[width];
        for (int i = 0; i < values.length; i++) {
            scales[i % width] = Math.max(scales[i % width], Math.abs(values[i]) / MOST);
        }
        byte[] codes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            float scale = scales[i % width];
            codes[i] = (byte) (scale == 0 ? 0 : Math.round(values[i] / scale));
        }
        return new ByteTable(scales, codes);
    }

    public int rows() {
        return codes.length / scales.length;
    }

    public float value(int row, int column) {
        return codes[row * scales.length + column] * scales[column];
    }

    public void copy(int row, float[] to) {
        int at = row * scales.length;
        for (int k = 0; k < scales.length; k++) {
            to[k] = codes[at + k] * scales[k];
        }
    }

    public void add(int row, float[] to) {
        int at = row * scales.length;
        for (int k = 0; k < scales.length; k++) {
            to[k] += codes[at + k] * scales[k];
        }
    }

    public float[] scales() {
        return scales;
    }

    public byte[] codes() {
        return codes;
    }

    public long bytes() {
        return codes.length + 4L * scales.length;
    }
}
