package dev.cleave.engine.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.cleave.engine.onnx.internal.LayerGraph;
import dev.cleave.model.Architecture;
import dev.cleave.model.SegmentMemory;
import dev.cleave.model.SegmentSpec;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.bundle.EmbeddingRows;
import java.util.ArrayDeque;
import java.util.Deque;

/** What a segment holds: shared sessions, and a KV cache and buffers of its own. Closes them in reverse. */
final class SegmentParts implements AutoCloseable {
    private final Deque<Runnable> closers = new ArrayDeque<>();
    private final SegmentSpec spec;
    private final Architecture architecture;
    private final EmbeddingRows embedding;
    private final Workspace workspace;
    private final StepPosition position;
    private final Step[] layers;
    private final Step head;
    private final long rotaryBytes;
    private final long scoreBytes;
    private long weightBytes;
    private long scratchBytes;

    /** Opens all parts; where one fails, those before it are closed. */
    SegmentParts(Bundle bundle, SegmentSpec spec, int chunk, SharedParts shared) throws OrtException {
        this.spec = spec;
        this.architecture = bundle.architecture();
        this.scoreBytes = AttentionScores.bytes(architecture, spec.kv(), spec.maxSequence(), chunk);
        try {
            workspace = shared.workspaces().take(architecture, chunk);
            closers.push(() -> shared.workspaces().giveBack(architecture, chunk, workspace));
            position = opened(new StepPosition(shared.runtime().environment()));
            RotaryTable rotary = rotary(shared);
            rotaryBytes = rotary.bytes();
            embedding = spec.takesIds() ? opened(new EmbeddingRows(bundle, spec.bits())) : null;
            // First: while a part loads, its file is mapped beside the packed copy, and the head is by far the
            // greatest.
            head = spec.to() == architecture.layers() ? new Step(session(bundle, spec.to(), shared)) : null;
            layers = new Step[spec.to() - spec.from()];
            for (int i = 0; i < layers.length; i++) {
                layers[i] = layer(bundle, spec.from() + i, shared, rotary);
            }
        } catch (OrtException | RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private RotaryTable rotary(SharedParts shared) {
        RotaryTable.Key key = RotaryTable.Key.of(architecture, spec.maxSequence());
        RotaryTable table = shared.rotary().acquire(key, () -> RotaryTable.open(shared.runtime(), key));
        closers.push(() -> shared.rotary().release(key));
        return table;
    }

    private Step layer(Bundle bundle, int index, SharedParts shared, RotaryTable rotary) throws OrtException {
        Step step = new Step(session(bundle, index, shared));
        KvCache cache = opened(new KvCache(shared.runtime(), architecture, spec.maxSequence(), spec.kv()));
        cache.bind(step.inputs(), step.outputs());
        rotary.bind(step.inputs());
        position.bind(step.inputs(), LayerGraph.rotatesOutside(architecture, spec.kv()));
        return step;
    }

    private OrtSession session(Bundle bundle, int layer, SharedParts shared) {
        LoadedLayer.Key key = LoadedLayer.Key.of(bundle, spec, layer);
        LoadedLayer loaded = shared.layers().acquire(key, () -> LoadedLayer.open(shared.runtime(), bundle, key));
        closers.push(() -> shared.layers().release(key));
        weightBytes += loaded.size().bytes();
        scratchBytes = Math.max(scratchBytes, loaded.size().scratch());
        return loaded.session();
    }

    private <T extends AutoCloseable> T opened(T part) {
        closers.push(() -> {
            try {
                part.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        return part;
    }

    /** Returns the embedding, or null where the segment takes activations. */
    EmbeddingRows embedding() {
        return embedding;
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

    SegmentMemory memory() {
        long kv = layers.length * KvCache.bytes(architecture, spec.maxSequence(), spec.kv());
        return new SegmentMemory(weightBytes, kv, workspace.bytes() + rotaryBytes + scratchBytes + scoreBytes);
    }

    @Override
    public void close() {
        while (!closers.isEmpty()) {
            closers.pop().run();
        }
    }
}
