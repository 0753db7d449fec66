package dev.cleave.model.checkpoint;

import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import java.io.IOException;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/**
 * Reads rows of a checkpoint's tensors as float32, through one small buffer. For one thread at a time; several readers may
 * read one checkpoint at once.
 */
public final class RowReader {
    // Direct, because the JDK would otherwise keep a direct buffer of the same size for every thread.
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(256 << 10).order(ByteOrder.LITTLE_ENDIAN);
    private final Checkpoint checkpoint;

    /** Creates a reader. */
    public RowReader(Checkpoint checkpoint) {
        this.checkpoint = checkpoint;
    }

    /**
     * Reads values of a tensor.
     *
     * @param name of the tensor
     * @param first index of the first value, row by row: row · columns
     * @param count how many
     * @param out receives them, from index {@code offset}
     * @throws ModelException with {@code MALFORMED} where the file cannot be read, or has a value that is no finite number
     */
    public void read(String name, long first, int count, float[] out, int offset) {
        TensorInfo info = checkpoint.tensor(name);
        int width = info.type().bytes();
        int perPiece = buffer.capacity() / width;
        for (int done = 0; done < count; ) {
            int piece = Math.min(count - done, perPiece);
            fill(name, info.offset() + (first + done) * width, piece * width);
            convert(info.type(), piece, out, offset + done);
            refuseNonFinite(info, first + done, piece, out, offset + done);
            done += piece;
        }
    }

    private void fill(String name, long position, int bytes) {
        FileChannel channel = checkpoint.channel(name);
        ((Buffer) buffer).position(0);
        ((Buffer) buffer).limit(bytes);
        try {
            while (buffer.hasRemaining()) {
                if (channel.read(buffer, position + buffer.position()) < 0) {
                    throw new IOException(
                            "the file ends within tensor " + name + "; it was cut off after it was opened");
                }
            }
        } catch (IOException e) {
            throw new ModelException(
                    Reason.MALFORMED,
                    checkpoint.path(name) + ": cannot be read at offset=" + position + ": " + e.getMessage(),
                    e);
        }
    }

    private void convert(TensorType type, int count, float[] out, int offset) {
        switch (type) {
            case F32:
                for (int i = 0; i < count; i++) {
                    out[offset + i] = buffer.getFloat(4 * i);
                }
                break;
            case F16:
                for (int i = 0; i < count; i++) {
                    out[offset + i] = HalfFloat.toFloat(buffer.getShort(2 * i));
                }
                break;
            case BF16:
                for (int i = 0; i < count; i++) {
                    out[offset + i] = Float.intBitsToFloat(buffer.getShort(2 * i) << 16);
                }
                break;
            default:
                throw new IllegalArgumentException("type " + type + " has no float values");
        }
    }

    private void refuseNonFinite(TensorInfo info, long first, int count, float[] out, int offset) {
        for (int i = 0; i < count; i++) {
            if (!(Math.abs(out[offset + i]) <= Float.MAX_VALUE)) {
                long index = first + i;
                throw new ModelException(
                        Reason.MALFORMED,
                        checkpoint.path(info.name()) + ": tensor " + info.name() + " has the value " + out[offset + i]
                                + " at index " + index + ", offset="
                                + (info.offset() + index * info.type().bytes()));
            }
        }
    }
}
