package dev.cleave.codec.frame;

import dev.cleave.codec.CodecException;
import dev.cleave.codec.CodecException.Reason;
import dev.cleave.codec.Encoder;
import java.nio.Buffer;
import java.nio.FloatBuffer;
import java.util.Objects;
import java.util.zip.CRC32;

/** What all encoders share: checks, header, checksum, and the error of what was written. Rows pass through a scratch row. */
public abstract class FrameEncoder implements Encoder {
    private final int level;
    private final int width;
    private final float[] row;
    private final CRC32 crc = new CRC32();
    private double relativeError;

    public FrameEncoder(LevelId level, int width) {
        this.level = level.id();
        this.width = width;
        this.row = new float[width];
    }

    /** Returns the greatest number of bytes that so many rows take. */
    public abstract long maxRowsBytes(int tokens);

    /** Called before the first row of a frame. */
    public abstract void begin(int tokens);

    /**
     * Takes a row of finite values.
     *
     * @param row holds until the call returns
     * @param squaredNorm ‖x‖², in double
     * @return ‖x − x̂‖², in double
     */
    public abstract double add(float[] row, double squaredNorm, byte[] out, int offset, int token);

    /**
     * Called behind the last row of a frame.
     *
     * @return bytes of all rows
     */
    public abstract int end(byte[] out, int offset, int tokens);

    /** Returns the frame's flags; asked behind the last row. */
    public int flags() {
        return 0;
    }

    public int width() {
        return width;
    }

    @Override
    public final int maxEncodedSize(int tokens) {
        if (tokens < 1 || tokens > Frame.MAX_TOKENS) {
            throw new IllegalArgumentException("tokens=" + tokens + " is not in 1.." + Frame.MAX_TOKENS);
        }
        long bytes = Frame.OVERHEAD + maxRowsBytes(tokens);
        if (bytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("tokens=" + tokens + " of width=" + width + " take " + bytes
                    + " bytes, more than an array holds; encode fewer at once");
        }
        return (int) bytes;
    }

    @Override
    public final int encode(FloatBuffer hidden, int tokens, byte[] out, int offset) {
        Objects.checkFromIndexSize(offset, maxEncodedSize(tokens), out.length);
        if ((long) tokens * width > hidden.capacity()) {
            throw new IndexOutOfBoundsException(
                    "tokens=" + tokens + " of width=" + width + " where hidden holds " + hidden.capacity() + " values");
        }
        Buffer buffer = hidden;
        int position = buffer.position();
        int limit = buffer.limit();
        int length;
        try {
            buffer.clear();
            length = Frame.OVERHEAD + writeRows(hidden, tokens, out, offset + Frame.HEADER);
        } finally {
            buffer.limit(limit).position(position);
        }
        Frame.writeHeader(out, offset, level, flags(), tokens, width);
        Frame.writeChecksum(out, offset, length, crc);
        return length;
    }

    private int writeRows(FloatBuffer hidden, int tokens, byte[] out, int offset) {
        double norm = 0;
        double error = 0;
        begin(tokens);
        for (int token = 0; token < tokens; token++) {
            hidden.get(row);
            double squares = squaredNorm(token);
            norm += squares;
            error += add(row, squares, out, offset, token);
        }
        relativeError = norm == 0 ? 0 : Math.sqrt(error / norm);
        return end(out, offset, tokens);
    }

    private double squaredNorm(int token) {
        double norm = Sums.squares(row, width);
        // The square of a finite float is finite in double, so only NaN and infinity end here.
        if (!Double.isFinite(norm)) {
            throw notFinite(token);
        }
        return norm;
    }

    private CodecException notFinite(int token) {
        int column = 0;
        while (Float.isFinite(row[column])) {
            column++;
        }
        return new CodecException(
                Reason.NOT_FINITE,
                "activation is " + row[column] + " in row " + token + ", column " + column
                        + "; the model or its segment is at fault",
                (long) token * width + column);
    }

    @Override
    public final double relativeError() {
        return relativeError;
    }
}
