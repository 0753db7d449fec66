package dev.cleave.codec;

/** Writes rows of a fixed size. */
final class FixedEncoder extends FrameEncoder {
    private final RowFormat format;
    private final int rowBytes;

    FixedEncoder(FixedQuality quality, int width) {
        super(quality, width);
        format = quality.format();
        rowBytes = format.rowBytes(width);
    }

    @Override
    long maxRowsBytes(int tokens) {
        return (long) tokens * rowBytes;
    }

    @Override
    void begin(int tokens) {
        // A row says all of itself.
    }

    @Override
    double add(float[] row, double squaredNorm, byte[] out, int offset, int token) {
        return format.write(row, out, offset + token * rowBytes);
    }

    @Override
    int end(byte[] out, int offset, int tokens) {
        return tokens * rowBytes;
    }
}
