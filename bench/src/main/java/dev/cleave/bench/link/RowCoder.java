package dev.cleave.bench.link;

import dev.cleave.codec.Decoder;
import dev.cleave.codec.Encoder;
import java.nio.FloatBuffer;

/** A rival of the codec levels, both its ends: row by row, without a frame around them. It trusts what it reads. */
abstract class RowCoder implements Encoder, Decoder {
    private final int width;
    private final float[] row;
    private float[] sent = {};
    private byte[] frame = {};
    private int tokens;

    /** @param width d */
    RowCoder(int width) {
        this.width = width;
        row = new float[width];
    }

    /** Returns the greatest number of bytes of a row. */
    abstract int maxRowBytes();

    /** Writes a row at {@code at}; returns where it ends. */
    abstract int write(float[] values, byte[] out, int at);

    /** Reads a row at {@code at}; returns where it ends. */
    abstract int read(byte[] in, int at, float[] values);

    final int width() {
        return width;
    }

    @Override
    public final int maxEncodedSize(int rows) {
        return Math.multiplyExact(rows, maxRowBytes());
    }

    @Override
    public final int encode(FloatBuffer hidden, int rows, byte[] out, int offset) {
        tokens = rows;
        if (sent.length < rows * width) {
            sent = new float[rows * width];
            frame = new byte[maxEncodedSize(rows)];
        }
        int at = offset;
        for (int token = 0; token < rows; token++) {
            for (int i = 0; i < width; i++) {
                row[i] = hidden.get(token * width + i);
            }
            System.arraycopy(row, 0, sent, token * width, width);
            at = write(row, out, at);
        }
        System.arraycopy(out, offset, frame, 0, at - offset);
        return at - offset;
    }

    @Override
    public final int decode(byte[] in, int offset, int length, FloatBuffer hidden) {
        int rows = 0;
        for (int at = offset; at < offset + length; rows++) {
            at = read(in, at, row);
            for (int i = 0; i < width; i++) {
                hidden.put(rows * width + i, row[i]);
            }
        }
        return rows;
    }

    /** Predicts nothing. */
    @Override
    public final void known(int token, int beforeIt) {}

    /** Reads the last frame again, outside what is timed. */
    @Override
    public final double relativeError() {
        double error = 0;
        double norm = 0;
        int at = 0;
        for (int token = 0; token < tokens; token++) {
            at = read(frame, at, row);
            for (int i = 0; i < width; i++) {
                double value = sent[token * width + i];
                error += (value - row[i]) * (value - row[i]);
                norm += value * value;
            }
        }
        return norm == 0 ? 0 : Math.sqrt(error / norm);
    }
}
