package dev.cleave.engine.onnx;

import ai.onnxruntime.OrtException;
import dev.cleave.engine.onnx.internal.LayerGraph;
import dev.cleave.model.Architecture;
import dev.cleave.model.KvPrecision;
import dev.cleave.model.SegmentMemory;
import dev.cleave.model.SegmentSpec;
import java.util.List;

/** What a sequence holds: KV caches and buffers of its own, and steps that bind them to the segment's sessions. */
final class SequenceParts implements AutoCloseable {
    private final Closers closers = new Closers();
    private final Architecture architecture;
    private final int maxLength;
    private final KvPrecision kv;
    private final int chunk;
    private final Workspace workspace;
    private final StepPosition position;
    private final Step[] layers;
    private final Step head;
    private final long rotaryBytes;

    /** Opens all parts; where one fails, those before it are closed. */
    SequenceParts(SegmentWeights weights, SegmentSpec spec, int maxLength, KvPrecision kv, int chunk)
            throws OrtException {
        SharedParts shared = weights.shared();
        this.architecture = weights.bundle().architecture();
        this.maxLength = maxLength;
        this.kv = kv;
        this.chunk = chunk;
        try {
            List<LoadedLayer> loaded = weights.layers(kv);
            workspace = shared.workspaces().take(architecture, chunk);
            closers.add(() -> shared.workspaces().giveBack(architecture, chunk, workspace));
            position = closers.opened(new StepPosition(shared.runtime().environment()));
            RotaryTable rotary = rotary(shared);
            rotaryBytes = rotary.bytes();
            head = weights.head() == null ? null : new Step(weights.head());
            layers = new Step[spec.layers()];
            for (int i = 0; i < layers.length; i++) {
                layers[i] = layer(loaded.get(i), shared, rotary);
            }
        } catch (OrtException | RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private RotaryTable rotary(SharedParts shared) {
        RotaryTable.Key key = RotaryTable.Key.of(architecture, maxLength);
        RotaryTable table = shared.rotary().acquire(key, () -> RotaryTable.open(shared.runtime(), key));
        closers.add(() -> shared.rotary().release(key));
        return table;
    }

    private Step layer(LoadedLayer loaded, SharedParts shared, RotaryTable rotary) throws OrtException {
        Step step = new Step(loaded.session());
        KvCache cache = closers.opened(new KvCache(shared.runtime(), architecture, maxLength, kv));
        cache.bind(step.inputs(), step.outputs());
        rotary.bind(step.inputs());
        position.bind(step.inputs(), LayerGraph.rotatesOutside(architecture, kv));
        return step;
    }

    Workspace workspace() {
        return workspace;
    }

    StepPosition position() {
        return position;
    }

    Step[] layers() {
        return layers;
    }

    /** Returns the final norm and head, or null where the segment ends before them. */
    Step head() {
        return head;
    }

    SegmentMemory footprint() {
        long caches = layers.length * KvCache.bytes(architecture, maxLength, kv);
        long scores = AttentionScores.bytes(architecture, kv, maxLength, chunk);
        return new SegmentMemory(0, caches, workspace.bytes() + rotaryBytes + scores);
    }

    @Override
    public void close() {
        closers.close();
    }
}
