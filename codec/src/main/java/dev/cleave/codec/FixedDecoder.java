package dev.cleave.codec;

import dev.cleave.codec.CodecException.Reason;
import java.nio.Buffer;
import java.nio.FloatBuffer;
import java.util.Objects;
import java.util.zip.CRC32;

/** Reads rows of a fixed size, one at a time through a scratch row. */
final class FixedDecoder implements Decoder {
    private final FixedQuality quality;
    private final int width;
    private final float[] row;
    private final CRC32 crc = new CRC32();

    FixedDecoder(FixedQuality quality, int width) {
        this.quality = quality;
        this.width = width;
        this.row = new float[width];
    }

    @Override
    public int decode(byte[] in, int offset, int length, FloatBuffer hidden) {
        Objects.checkFromIndexSize(offset, length, in.length);
        int tokens = Frame.readHeader(in, offset, length, quality, width);
        Frame.checkRoom(tokens, width, hidden.capacity());
        Frame.checkLength(quality.frameBytes(tokens, width), length);
        Frame.verifyChecksum(in, offset, length, crc);
        Buffer buffer = hidden;
        int position = buffer.position();
        int limit = buffer.limit();
        try {
            buffer.clear();
            readRows(in, offset, tokens, hidden);
        } finally {
            buffer.limit(limit).position(position);
        }
        return tokens;
    }

    private void readRows(byte[] in, int offset, int tokens, FloatBuffer hidden) {
        int rowBytes = quality.format().rowBytes(width);
        for (int token = 0; token < tokens; token++) {
            int at = Frame.HEADER + token * rowBytes;
            int fault = quality.format().read(in, offset + at, row);
            if (fault >= 0) {
                throw new CodecException(
                        Reason.FIELD,
                        "row " + token + " holds a number that is not finite, or a negative scale",
                        at + fault);
            }
            hidden.put(row);
        }
    }
}
