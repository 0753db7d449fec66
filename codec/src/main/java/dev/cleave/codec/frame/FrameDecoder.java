package dev.cleave.codec.frame;

import dev.cleave.codec.CodecException;
import dev.cleave.codec.CodecException.Reason;
import dev.cleave.codec.Decoder;
import java.nio.Buffer;
import java.nio.FloatBuffer;
import java.util.Objects;
import java.util.zip.CRC32;

/** What all decoders share: the checks of a frame before its rows are looked at. Rows pass through a scratch row. */
public abstract class FrameDecoder implements Decoder {
    private final LevelId level;
    private final int width;
    private final float[] row;
    private final CRC32 crc = new CRC32();

    public FrameDecoder(LevelId level, int width) {
        this.level = level;
        this.width = width;
        this.row = new float[width];
    }

    /** Checks the frame's flags. */
    public void checkFlags(int flags, int tokens) {
        if (flags != 0) {
            throw new CodecException(Reason.FIELD, "flags is " + flags + " where 0 is expected", Frame.AT_FLAGS);
        }
    }

    public static void checkMost(int flags, int most) {
        if (flags > most) {
            throw new CodecException(
                    Reason.FIELD, "flags are " + flags + ", at most " + most + " is known", Frame.AT_FLAGS);
        }
    }

    /** Checks the number of bytes of so many rows, as far as it is known before they are read. */
    public abstract void checkRowsLength(int tokens, int bytes);

    /**
     * Called before the first row.
     *
     * @param frame of the frame's first byte, from which errors count
     * @param from of the rows' first byte
     * @param to behind the rows' last byte
     */
    public abstract void begin(byte[] in, int frame, int from, int to, int tokens);

    /** Reads the next row. */
    public abstract void next(float[] row, int token);

    /** Called behind the last row. */
    public abstract void end();

    public int width() {
        return width;
    }

    @Override
    public final int decode(byte[] in, int offset, int length, FloatBuffer hidden) {
        Objects.checkFromIndexSize(offset, length, in.length);
        int tokens = Frame.readHeader(in, offset, length, level, width);
        checkFlags(Frame.flags(in, offset), tokens);
        Frame.checkRoom(tokens, width, hidden.capacity());
        checkRowsLength(tokens, length - Frame.OVERHEAD);
        Frame.verifyChecksum(in, offset, length, crc);
        Buffer buffer = hidden;
        int position = buffer.position();
        int limit = buffer.limit();
        try {
            buffer.clear();
            begin(in, offset, offset + Frame.HEADER, offset + length - Frame.CHECKSUM, tokens);
            for (int token = 0; token < tokens; token++) {
                next(row, token);
                hidden.put(row);
            }
            end();
        } finally {
            buffer.limit(limit).position(position);
        }
        return tokens;
    }
}
