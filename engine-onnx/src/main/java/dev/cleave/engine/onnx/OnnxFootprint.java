package dev.cleave.engine.onnx;

import dev.cleave.model.Architecture;
import dev.cleave.model.EngineProvider.Prediction;
import dev.cleave.model.KvPrecision;
import dev.cleave.model.Mode;
import dev.cleave.model.ModelException;
import dev.cleave.model.SegmentMemory;
import dev.cleave.model.SegmentSpec;
import dev.cleave.model.bundle.Bundle;

/**
 * What segments of a bundle will occupy, in bytes, without opening one: only the headers of files are read. An opened segment
 * counts by the same formulas, so that its {@code footprint()} equals {@link #predict}.
 */
public final class OnnxFootprint {
    private final Bundle bundle;
    private final Architecture architecture;
    private final Mode mode;

    /**
     * Creates the footprint of a bundle.
     *
     * @param mode in which its segments compute
     */
    public OnnxFootprint(Bundle bundle, Mode mode) {
        this.bundle = bundle;
        this.architecture = bundle.architecture();
        this.mode = mode;
    }

    /**
     * What one layer, or the final norm and head, occupies.
     *
     * @param packed bytes of weights that ONNX Runtime allocates, and what its session takes
     * @param mapped bytes of weights that stay mapped from the file
     * @param scratch bytes that a run takes besides its activations: 0, or the greatest matrix as float32; a segment's layers
     *     share it
     */
    public record Part(long packed, long mapped, long scratch) {
        /** Returns what its weights take. */
        public long bytes() {
            return packed + mapped;
        }
    }

    /**
     * Returns what a segment and one sequence will occupy, once it has returned one row of logits where it ends the model.
     *
     * @param chunk greatest number of tokens in one run
     * @throws ModelException with {@code OUT_OF_RANGE} where the bundle lacks the width or layers
     */
    public Prediction predict(SegmentSpec spec, int maxLength, KvPrecision kv, int chunk) {
        checkLength(bundle, maxLength);
        return new Prediction(segment(spec), sequence(spec, maxLength, kv, chunk), mappedBytes(spec));
    }

    /** Returns the weights of a segment, and the scratch memory of a run that no sequence's chunk decides. */
    SegmentMemory segment(SegmentSpec spec) {
        long weights = 0;
        long scratch = 0;
        for (int layer = spec.from(); layer < spec.to(); layer++) {
            Part part = layer(spec.bits(), layer);
            weights += part.bytes();
            scratch = Math.max(scratch, part.scratch());
        }
        if (spec.to() == architecture.layers()) {
            Part head = head(spec.bits());
            weights += head.bytes();
            scratch = Math.max(scratch, head.scratch());
        }
        return new SegmentMemory(weights, 0, scratch);
    }

    private SegmentMemory sequence(SegmentSpec spec, int maxLength, KvPrecision kv, int chunk) {
        long caches = spec.layers() * KvCache.bytes(architecture, maxLength, kv);
        int most = AttentionScores.chunk(architecture, kv, spec.layers(), maxLength, chunk);
        long workspace = workspaceBytes(most)
                + rotaryBytes(maxLength)
                + AttentionScores.bytes(architecture, kv, maxLength, most);
        if (spec.to() == architecture.layers()) {
            workspace += logitsBytes(1);
        }
        return new SegmentMemory(0, caches, workspace);
    }

    static void checkLength(Bundle bundle, int maxLength) {
        int context = bundle.architecture().context();
        if (maxLength < 1 || maxLength > context) {
            throw new ModelException(
                    ModelException.Reason.OUT_OF_RANGE,
                    "maxLength=" + maxLength + ": " + bundle.name() + " was made for 1.." + context + " tokens");
        }
    }

    /**
     * Returns what one layer occupies.
     *
     * @param bits width, one of the bundle's
     * @param layer 0-based
     */
    public Part layer(int bits, int layer) {
        if (layer < 0 || layer >= architecture.layers()) {
            throw new ModelException(
                    ModelException.Reason.OUT_OF_RANGE,
                    "layer " + layer + ": " + bundle.name() + " has layers 0.." + (architecture.layers() - 1));
        }
        return part(bits, layer);
    }

    /** Returns what the final norm and head occupy at a width. */
    public Part head(int bits) {
        return part(bits, architecture.layers());
    }

    /** Returns the bytes of a segment's weights that stay mapped from files. */
    public long mappedBytes(SegmentSpec spec) {
        long mapped = spec.to() == architecture.layers() ? head(spec.bits()).mapped() : 0;
        for (int layer = spec.from(); layer < spec.to(); layer++) {
            mapped += layer(spec.bits(), layer).mapped();
        }
        return mapped;
    }

    /** Returns the bytes of the weights of one layer. */
    public long layerBytes(int bits, int layer) {
        return layer(bits, layer).bytes();
    }

    /** Returns the bytes of the weights of norm and head. */
    public long headBytes(int bits) {
        return head(bits).bytes();
    }

    /** Returns the bytes of one layer's KV cache for so many tokens, in float32. */
    public long kvBytes(int tokens) {
        return KvCache.bytes(architecture, tokens, KvPrecision.FLOAT32);
    }

    /** Returns the bytes of the rotary table of a segment, which its layers share. */
    public long rotaryBytes(int maxSequence) {
        return RotaryTable.Key.of(architecture, maxSequence).bytes();
    }

    /** Returns the bytes of a segment's buffers, and of what a run of a full chunk allocates; without logits. */
    public long workspaceBytes(int chunk) {
        return Workspace.bytes(architecture, chunk);
    }

    /** Returns the bytes of so many rows of logits. */
    public long logitsBytes(int rows) {
        return (long) rows * architecture.vocabulary() * Float.BYTES;
    }

    private Part part(int bits, int layer) {
        PackedSize size = LoadedLayer.size(bundle, bits, mode, layer);
        return new Part(size.packed(), size.mapped(), size.scratch());
    }
}
