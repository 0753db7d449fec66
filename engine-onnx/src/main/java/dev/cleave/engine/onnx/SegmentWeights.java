package dev.cleave.engine.onnx;

import ai.onnxruntime.OrtSession;
import dev.cleave.model.KvPrecision;
import dev.cleave.model.SegmentSpec;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.bundle.EmbeddingRows;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The sessions that a segment uses and shares with others, and its embedding. */
final class SegmentWeights implements AutoCloseable {
    private final Closers closers = new Closers();
    private final Bundle bundle;
    private final SegmentSpec spec;
    private final SharedParts shared;
    private final EmbeddingRows embedding;
    private final LoadedLayer head;
    private final Map<KvPrecision, List<LoadedLayer>> layers = new EnumMap<>(KvPrecision.class);

    /** Opens all parts; where one fails, those before it are closed. */
    SegmentWeights(Bundle bundle, SegmentSpec spec, SharedParts shared) {
        this.bundle = bundle;
        this.spec = spec;
        this.shared = shared;
        try {
            embedding = spec.takesIds() ? closers.opened(new EmbeddingRows(bundle, spec.bits())) : null;
            // First: while a part loads, its file is mapped beside the packed copy, and the head is by far the
            // greatest.
            boolean ends = spec.to() == bundle.architecture().layers();
            head = ends ? load(spec.to(), KvPrecision.FLOAT32) : null;
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private LoadedLayer load(int layer, KvPrecision kv) {
        LoadedLayer.Key key = LoadedLayer.Key.of(bundle, spec, layer, kv);
        LoadedLayer loaded = shared.layers().acquire(key, () -> LoadedLayer.open(shared.runtime(), bundle, key));
        closers.add(() -> shared.layers().release(key));
        return loaded;
    }

    Bundle bundle() {
        return bundle;
    }

    SharedParts shared() {
        return shared;
    }

    /** Returns the embedding, or null where the segment takes activations. */
    EmbeddingRows embedding() {
        return embedding;
    }

    /** Returns the final norm and head, or null where the segment ends before them. */
    OrtSession head() {
        return head == null ? null : head.session();
    }

    /** Returns the layers, first to last. */
    synchronized List<LoadedLayer> layers(KvPrecision kv) {
        List<LoadedLayer> known = layers.get(kv);
        if (known == null) {
            known = new ArrayList<>();
            for (int layer = spec.from(); layer < spec.to(); layer++) {
                known.add(load(layer, kv));
            }
            layers.put(kv, known);
        }
        return known;
    }

    @Override
    public void close() {
        closers.close();
    }
}
