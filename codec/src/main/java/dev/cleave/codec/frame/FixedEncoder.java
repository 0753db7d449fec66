package dev.cleave.codec.frame;

/** Writes rows of a fixed size. */
public final class FixedEncoder extends FrameEncoder {
    private final RowFormat format;
    private final int rowBytes;

    public FixedEncoder(LevelId level, RowFormat format, int width) {
        super(level, width);
        this.format = format;
        rowBytes = format.rowBytes(width);
    }

    @Override
    public long maxRowsBytes(int tokens) {
        return (long) tokens * rowBytes;
    }

    @Override
    public void begin(int tokens) {
        // A row says all of itself.
    }

    @Override
    public double add(float[] row, double squaredNorm, byte[] out, int offset, int token) {
        return format.write(row, out, offset + token * rowBytes);
    }

    @Override
    public int end(byte[] out, int offset, int tokens) {
        return tokens * rowBytes;
    }
}
