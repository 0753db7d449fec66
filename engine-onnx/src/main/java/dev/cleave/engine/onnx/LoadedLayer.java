package dev.cleave.engine.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.cleave.engine.onnx.internal.HeadGraph;
import dev.cleave.engine.onnx.internal.LayerGraph;
import dev.cleave.engine.onnx.internal.Matrix;
import dev.cleave.model.Architecture;
import dev.cleave.model.KvPrecision;
import dev.cleave.model.Mode;
import dev.cleave.model.SegmentSpec;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.bundle.TensorFile;
import java.nio.file.Path;
import java.util.List;

/**
 * The weights of one layer, or of the final norm and head, packed in an ONNX Runtime session.
 *
 * @param session to run, by any number of threads
 * @param size of its weights
 */
record LoadedLayer(OrtSession session, PackedSize size) implements AutoCloseable {
    /**
     * What tells weights apart.
     *
     * @param layer 0-based; the number of layers stands for norm and head
     * @param kv how the layer's keys and values are stored: it shapes the graph, and a graph has weights of its own
     */
    record Key(Path folder, String modelHash, int bits, Mode mode, int layer, KvPrecision kv) {
        static Key of(Bundle bundle, SegmentSpec spec, int layer, KvPrecision kv) {
            // At 16 bits both modes compute with float32.
            Mode mode = spec.bits() == 16 ? Mode.EXACT : spec.mode();
            return new Key(bundle.folder().toAbsolutePath(), bundle.modelHash(), spec.bits(), mode, layer, kv);
        }
    }

    static LoadedLayer open(OrtRuntime runtime, Bundle bundle, Key key) {
        Architecture architecture = bundle.architecture();
        boolean head = key.layer() == architecture.layers();
        return head ? openHead(runtime, bundle, key) : openLayer(runtime, bundle, key);
    }

    /** Returns what loading would take, from the headers of the files. */
    static PackedSize size(Bundle bundle, int bits, Mode mode, int layer) {
        Architecture architecture = bundle.architecture();
        List<Matrix> matrices = layer == architecture.layers()
                ? List.of(HeadGraph.matrix(architecture, headFile(bundle, bits), bits))
                : LayerGraph.matrices(architecture, bundle.tensors(bundle.file("layer", bits, layer)), bits);
        return PackedSize.of(matrices, mode, architecture.hidden());
    }

    private static LoadedLayer openLayer(OrtRuntime runtime, Bundle bundle, Key key) {
        Architecture architecture = bundle.architecture();
        TensorFile file = bundle.tensors(bundle.file("layer", key.bits(), key.layer()));
        byte[] model = LayerGraph.build(architecture, file, bundle.folder(), key.bits(), key.mode(), key.kv());
        List<Matrix> matrices = LayerGraph.matrices(architecture, file, key.bits());
        return new LoadedLayer(
                runtime.session(model, bundle.folder()), PackedSize.of(matrices, key.mode(), architecture.hidden()));
    }

    private static LoadedLayer openHead(OrtRuntime runtime, Bundle bundle, Key key) {
        Architecture architecture = bundle.architecture();
        TensorFile norm = bundle.tensors(bundle.file("norm", 0, -1));
        TensorFile head = headFile(bundle, key.bits());
        byte[] model = HeadGraph.build(architecture, norm, head, bundle.folder(), key.bits(), key.mode());
        List<Matrix> matrices = List.of(HeadGraph.matrix(architecture, head, key.bits()));
        return new LoadedLayer(
                runtime.session(model, bundle.folder()), PackedSize.of(matrices, key.mode(), architecture.hidden()));
    }

    private static TensorFile headFile(Bundle bundle, int bits) {
        return bundle.tensors(bundle.file(bundle.architecture().tied() ? "embedding" : "head", bits, -1));
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw OrtRuntime.failed("ONNX Runtime cannot free a layer", e);
        }
    }
}
