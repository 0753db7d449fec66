package dev.cleave.codec;

import dev.cleave.codec.CodecException.Reason;
import java.nio.Buffer;
import java.nio.FloatBuffer;
import java.util.Objects;
import java.util.zip.CRC32;

/** Writes rows of a fixed size, one at a time through a scratch row. */
final class FixedEncoder implements Encoder {
    private final FixedQuality quality;
    private final int width;
    private final float[] row;
    private final CRC32 crc = new CRC32();
    private double relativeError;

    FixedEncoder(FixedQuality quality, int width) {
        this.quality = quality;
        this.width = width;
        this.row = new float[width];
    }

    @Override
    public int maxEncodedSize(int tokens) {
        if (tokens < 1 || tokens > Frame.MAX_TOKENS) {
            throw new IllegalArgumentException("tokens=" + tokens + " is not in 1.." + Frame.MAX_TOKENS);
        }
        long bytes = quality.frameBytes(tokens, width);
        if (bytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("tokens=" + tokens + " of width=" + width + " take " + bytes
                    + " bytes, more than an array holds; encode fewer at once");
        }
        return (int) bytes;
    }

    @Override
    public int encode(FloatBuffer hidden, int tokens, byte[] out, int offset) {
        int length = maxEncodedSize(tokens);
        Objects.checkFromIndexSize(offset, length, out.length);
        if ((long) tokens * width > hidden.capacity()) {
            throw new IndexOutOfBoundsException(
                    "tokens=" + tokens + " of width=" + width + " where hidden holds " + hidden.capacity() + " values");
        }
        Buffer buffer = hidden;
        int position = buffer.position();
        int limit = buffer.limit();
        try {
            buffer.clear();
            writeRows(hidden, tokens, out, offset + Frame.HEADER);
        } finally {
            buffer.limit(limit).position(position);
        }
        Frame.writeHeader(out, offset, quality, tokens, width);
        Frame.writeChecksum(out, offset, length, crc);
        return length;
    }

    private void writeRows(FloatBuffer hidden, int tokens, byte[] out, int offset) {
        int rowBytes = quality.format().rowBytes(width);
        double norm = 0;
        double error = 0;
        for (int token = 0; token < tokens; token++) {
            hidden.get(row);
            norm += squaredNorm(token);
            error += quality.format().write(row, out, offset + token * rowBytes);
        }
        relativeError = norm == 0 ? 0 : Math.sqrt(error / norm);
    }

    private double squaredNorm(int token) {
        double norm = 0;
        for (float value : row) {
            norm += (double) value * value;
        }
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
    public double relativeError() {
        return relativeError;
    }
}
