package dev.cleave.model.bundle;

import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import dev.cleave.model.checkpoint.HalfFloat;
import dev.cleave.model.quantize.BlockFormat;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/**
 * The embedding of a bundle at one width, mapped: a row is dequantized where a token needs it, without allocation. Safe for
 * many threads.
 */
public final class EmbeddingTable {
    private final int vocabulary;
    private final int hidden;
    private final BlockFormat format;
    private final TensorReader weights;
    private final TensorReader scales;

    /**
     * Maps the embedding.
     *
     * @param bundle opened
     * @param bits width, one of the bundle's
     * @throws ModelException with {@code OUT_OF_RANGE} where the bundle lacks the width, {@code DAMAGED_BUNDLE}
     */
    public EmbeddingTable(Bundle bundle, int bits) {
        this(bundle, bits, TensorReader.WINDOW);
    }

    EmbeddingTable(Bundle bundle, int bits, long window) {
        TensorFile file = bundle.tensors(bundle.file(ModelPart.EMBEDDING, bits, -1));
        vocabulary = bundle.architecture().vocabulary();
        hidden = bundle.architecture().hidden();
        format = bits == 16 ? null : BlockFormat.of(bits, hidden);
        weights = TensorReader.map(file, "embedding.weight", window);
        scales = bits == 16 ? null : TensorReader.map(file, "embedding.scales", window);
    }

    /** Returns the size of codes and scales, or halves, in bytes. */
    public long bytes() {
        return weights.tensor().bytes() + (scales == null ? 0 : scales.tensor().bytes());
    }

    /**
     * Dequantizes one row.
     *
     * @param id of the token, 0..vocabulary-1
     * @param out receives d values from index {@code offset} on; its position stays
     * @param offset index of the first value
     * @throws ModelException with {@code OUT_OF_RANGE} for another id
     */
    public void row(int id, FloatBuffer out, int offset) {
        if (id < 0 || id >= vocabulary) {
            throw new ModelException(
                    Reason.OUT_OF_RANGE, "token id " + id + " is outside the vocabulary, 0.." + (vocabulary - 1));
        }
        if (format == null) {
            halves(weights.window(id), weights.offset(id), out, offset);
        } else {
            codes(id, out, offset);
        }
    }

    private void halves(ByteBuffer window, int from, FloatBuffer out, int offset) {
        for (int i = 0; i < hidden; i++) {
            out.put(offset + i, HalfFloat.toFloat(window.getShort(from + 2 * i)));
        }
    }

    private void codes(int id, FloatBuffer out, int offset) {
        ByteBuffer codes = weights.window(id);
        ByteBuffer scaleRow = scales.window(id);
        int bits = format.bits();
        int mask = (1 << bits) - 1;
        for (int block = 0; block < format.blocks(); block++) {
            float scale = scaleRow.getFloat(scales.offset(id) + 4 * block);
            int from = weights.offset(id) + block * format.blockBytes();
            int first = block * format.block();
            int count = Math.min(format.block(), hidden - first);
            for (int i = 0; i < count; i++) {
                int bit = i * bits;
                int code = codes.get(from + (bit >> 3)) >> (bit & 7) & mask;
                out.put(offset + first + i, (code - format.zero()) * scale);
            }
        }
    }
}
