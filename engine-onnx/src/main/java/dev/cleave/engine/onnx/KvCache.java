package dev.cleave.engine.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import dev.cleave.engine.onnx.internal.LayerGraph;
import dev.cleave.model.Architecture;
import dev.cleave.model.KvPrecision;
import java.util.Map;

/** Keys and values of one layer, [1, kvHeads, maxSequence, headSize] each. */
final class KvCache implements AutoCloseable {
    private final OnnxTensor keys;
    private final OnnxTensor values;

    KvCache(OrtRuntime runtime, Architecture architecture, int maxSequence, KvPrecision precision) throws OrtException {
        long[] shape = {1, architecture.kvHeads(), maxSequence, architecture.headSize()};
        keys = runtime.zeros(precision, shape);
        try {
            values = runtime.zeros(precision, shape);
        } catch (OrtException | RuntimeException e) {
            keys.close();
            throw e;
        }
    }

    /** Returns the bytes of one layer's cache. */
    static long bytes(Architecture architecture, int maxSequence, KvPrecision precision) {
        return 2L * precision.bytes() * architecture.kvHeads() * maxSequence * architecture.headSize();
    }

    void bind(Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> outputs) {
        inputs.put(LayerGraph.PAST_KEY, keys);
        inputs.put(LayerGraph.PAST_VALUE, values);
        outputs.put(LayerGraph.PRESENT_KEY, keys);
        outputs.put(LayerGraph.PRESENT_VALUE, values);
    }

    @Override
    public void close() {
        keys.close();
        values.close();
    }
}
