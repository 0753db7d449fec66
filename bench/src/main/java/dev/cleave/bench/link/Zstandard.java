package dev.cleave.bench.link;

import com.github.luben.zstd.Zstd;
import dev.cleave.codec.Decoder;
import dev.cleave.codec.Encoder;
import java.nio.FloatBuffer;

/** The rows of a rival, compressed frame by frame. */
final class Zstandard implements Encoder, Decoder {
    private final RowCoder rows;
    private final int level;
    private byte[] plain = {};

    Zstandard(RowCoder rows, int level) {
        this.rows = rows;
        this.level = level;
    }

    @Override
    public int maxEncodedSize(int tokens) {
        plain = new byte[rows.maxEncodedSize(tokens)];
        return (int) Zstd.compressBound(plain.length);
    }

    @Override
    public int encode(FloatBuffer hidden, int tokens, byte[] out, int offset) {
        int length = rows.encode(hidden, tokens, plain, 0);
        return checked(Zstd.compressByteArray(out, offset, out.length - offset, plain, 0, length, level));
    }

    @Override
    public int decode(byte[] in, int offset, int length, FloatBuffer hidden) {
        int size = checked(Zstd.decompressByteArray(plain, 0, plain.length, in, offset, length));
        return rows.decode(plain, 0, size, hidden);
    }

    /** Predicts nothing. */
    @Override
    public void known(int token, int beforeIt) {}

    @Override
    public double relativeError() {
        return rows.relativeError();
    }

    private static int checked(long result) {
        if (Zstd.isError(result)) {
            throw new IllegalStateException(Zstd.getErrorName(result));
        }
        return (int) result;
    }
}
