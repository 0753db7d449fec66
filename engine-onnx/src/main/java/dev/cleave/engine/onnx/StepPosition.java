package dev.cleave.engine.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import dev.cleave.engine.onnx.internal.LayerGraph;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.Map;

/** Where a step stands in the sequence: three small tensors that all layers read, set before each step. */
final class StepPosition implements AutoCloseable {
    private static final long[] ONE = {1};

    private final IntBuffer last = direct(Integer.BYTES).asIntBuffer();
    private final IntBuffer total = direct(Integer.BYTES).asIntBuffer();
    private final LongBuffer first = direct(Long.BYTES).asLongBuffer();
    private final OnnxTensor lastTensor;
    private final OnnxTensor totalTensor;
    private final OnnxTensor firstTensor;

    StepPosition(OrtEnvironment environment) throws OrtException {
        lastTensor = OnnxTensor.createTensor(environment, last, ONE);
        totalTensor = OnnxTensor.createTensor(environment, total, ONE);
        firstTensor = OnnxTensor.createTensor(environment, first, ONE);
    }

    void set(int position, int tokens) {
        last.put(0, position + tokens - 1);
        total.put(0, position + tokens);
        first.put(0, position);
    }

    void bind(Map<String, OnnxTensor> inputs, boolean rotatesOutside) {
        inputs.put(LayerGraph.LAST, lastTensor);
        inputs.put(LayerGraph.TOTAL, totalTensor);
        if (rotatesOutside) {
            inputs.put(LayerGraph.POSITION, firstTensor);
        }
    }

    @Override
    public void close() {
        lastTensor.close();
        totalTensor.close();
        firstTensor.close();
    }

    private static ByteBuffer direct(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }
}
