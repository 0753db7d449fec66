package dev.cleave.model.bundle;

import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import dev.cleave.model.checkpoint.HalfFloat;
import dev.cleave.model.checkpoint.TensorInfo;
import dev.cleave.model.quantize.BlockFormat;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * The embedding of a bundle at one width: a row is read from the file where a token needs it and dequantized, without
 * allocation. Reading, not mapping: of a mapping every touched row makes 64 KiB around it resident, so that a long text would
 * bring the whole table into memory. The file is one of {@code java.io}, because interrupting a thread would close a channel.
 * Made for one thread.
 */
public final class EmbeddingRows implements AutoCloseable {
    private final int vocabulary;
    private final int hidden;
    private final BlockFormat format;
    private final TensorFile file;
    private final RandomAccessFile input;
    private final RowSource weights;
    private final RowSource scales;

    /**
     * Opens the embedding.
     *
     * @param bundle opened
     * @param bits width, one of the bundle's
     * @throws ModelException with {@code OUT_OF_RANGE} where the bundle lacks the width, {@code DAMAGED_BUNDLE}
     */
    public EmbeddingRows(Bundle bundle, int bits) {
        file = bundle.tensors(bundle.file(ModelPart.EMBEDDING, bits, -1));
        vocabulary = bundle.architecture().vocabulary();
        hidden = bundle.architecture().hidden();
        format = bits == 16 ? null : BlockFormat.of(bits, hidden);
        weights = RowSource.of(file.tensors().get("embedding.weight"));
        scales = bits == 16 ? null : RowSource.of(file.tensors().get("embedding.scales"));
        try {
            input = new RandomAccessFile(file.path().toFile(), "r");
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /**
     * Dequantizes one row.
     *
     * @param id of the token, 0..vocabulary-1
     * @param out receives d values from index {@code offset} on; its position stays
     * @param offset index of the first value
     * @throws ModelException with {@code OUT_OF_RANGE} for another id, {@code DAMAGED_BUNDLE} where the file cannot be read
     */
    public void row(int id, FloatBuffer out, int offset) {
        if (id < 0 || id >= vocabulary) {
            throw new ModelException(
                    Reason.OUT_OF_RANGE, "token id " + id + " is outside the vocabulary, 0.." + (vocabulary - 1));
        }
        try {
            weights.read(input, id);
            if (scales != null) {
                scales.read(input, id);
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
        if (format == null) {
            halves(out, offset);
        } else {
            codes(out, offset);
        }
    }

    private void halves(FloatBuffer out, int offset) {
        for (int i = 0; i < hidden; i++) {
            out.put(offset + i, HalfFloat.toFloat(weights.row.getShort(2 * i)));
        }
    }

    private void codes(FloatBuffer out, int offset) {
        int bits = format.bits();
        int mask = (1 << bits) - 1;
        for (int block = 0; block < format.blocks(); block++) {
            float scale = scales.row.getFloat(4 * block);
            int from = block * format.blockBytes();
            int first = block * format.block();
            int count = Math.min(format.block(), hidden - first);
            for (int i = 0; i < count; i++) {
                int bit = i * bits;
                int code = weights.bytes[from + (bit >> 3)] >> (bit & 7) & mask;
                out.put(offset + first + i, (code - format.zero()) * scale);
            }
        }
    }

    /** Closes the file. */
    @Override
    public void close() {
        try {
            input.close();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private ModelException unreadable(IOException e) {
        return new ModelException(
                Reason.DAMAGED_BUNDLE,
                file.path() + ": cannot be read: " + e.getMessage() + "; copy the bundle again",
                e);
    }

    /** Where the rows of a tensor lie in the file, and the one that was read last. */
    private static final class RowSource {
        private final long offset;
        private final byte[] bytes;
        private final ByteBuffer row;

        private RowSource(long offset, int rowBytes) {
            this.offset = offset;
            this.bytes = new byte[rowBytes];
            this.row = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        }

        static RowSource of(TensorInfo tensor) {
            return new RowSource(
                    tensor.offset(),
                    Math.toIntExact(tensor.bytes() / tensor.shape().get(0)));
        }

        void read(RandomAccessFile input, int index) throws IOException {
            input.seek(offset + (long) index * bytes.length);
            input.readFully(bytes);
        }
    }
}
