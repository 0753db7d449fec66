package dev.cleave.codec.frame;

/** How one token's d values stand in a frame. Without state: encoders and decoders of all sessions share it. */
public interface RowFormat {
    /** Float32, bit for bit. */
    RowFormat FLOAT32 = new LosslessRows();

    /** Bfloat16, rounded to nearest, ties to even. */
    RowFormat BFLOAT16 = new Bf16Rows();

    /** Eight bits a value, asymmetric, one scale and minimum a token. */
    RowFormat INT8 = new Int8Rows();

    /** Returns bytes of a row of {@code width} values. */
    int rowBytes(int width);

    /**
     * Writes a row of finite values.
     *
     * @return ‖x − x̂‖², in double
     */
    double write(float[] row, byte[] out, int at);

    /**
     * Reads a row.
     *
     * @return -1, or the distance in bytes from {@code at} of a field that no encoder writes
     */
    int read(byte[] in, int at, float[] row);
}
