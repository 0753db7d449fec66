package dev.cleave.codec.frame;

import dev.cleave.codec.CodecException;
import dev.cleave.codec.CodecException.Reason;

/** Reads rows of a fixed size. */
public final class FixedDecoder extends FrameDecoder {
    private final RowFormat format;
    private final int rowBytes;
    private byte[] bytes;
    private int from;

    public FixedDecoder(LevelId level, RowFormat format, int width) {
        super(level, width);
        this.format = format;
        rowBytes = format.rowBytes(width);
    }

    @Override
    public void checkRowsLength(int tokens, int length) {
        Frame.checkLength(Frame.OVERHEAD + (long) tokens * rowBytes, Frame.OVERHEAD + length);
    }

    @Override
    public void begin(byte[] in, int frame, int rows, int to, int tokens) {
        bytes = in;
        from = rows;
    }

    @Override
    public void next(float[] row, int token) {
        int fault = format.read(bytes, from + token * rowBytes, row);
        if (fault >= 0) {
            throw new CodecException(
                    Reason.FIELD,
                    "row " + token + " holds a number that is not finite, or a negative scale",
                    Frame.HEADER + (long) token * rowBytes + fault);
        }
    }

    @Override
    public void end() {
        // Every row has the same size, and the frame's was checked.
    }
}
