package dev.cleave.engine.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import dev.cleave.engine.onnx.internal.LayerGraph;
import dev.cleave.model.Architecture;
import dev.cleave.model.Rope;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;

/** Cosines and sines of the rotary embedding for every position of a segment, [maxSequence, headSize / 2]. */
final class RotaryTable implements AutoCloseable {
    private final long bytes;
    private final OnnxTensor cosines;
    private final OnnxTensor sines;

    private RotaryTable(OrtEnvironment environment, Key key) throws OrtException {
        double[] frequencies = key.rope().frequencies(key.headSize());
        int size = Math.multiplyExact(key.positions(), frequencies.length * Float.BYTES);
        FloatBuffer cosine = floats(size);
        FloatBuffer sine = floats(size);
        for (int position = 0; position < key.positions(); position++) {
            for (double frequency : frequencies) {
                cosine.put((float) Math.cos(position * frequency));
                sine.put((float) Math.sin(position * frequency));
            }
        }
        long[] shape = {key.positions(), frequencies.length};
        bytes = key.bytes();
        cosines = OnnxTensor.createTensor(environment, cosine.flip(), shape);
        sines = OnnxTensor.createTensor(environment, sine.flip(), shape);
    }

    /**
     * What tells tables apart.
     *
     * @param positions rows
     */
    record Key(Rope rope, int headSize, int positions) {
        /** Returns the table for sequences of that length, rounded up so that segments of similar length share one. */
        static Key of(Architecture architecture, int maxSequence) {
            int rounded = Integer.highestOneBit(Math.max(1, maxSequence - 1)) * 2;
            return new Key(architecture.rope(), architecture.headSize(), Math.min(rounded, architecture.context()));
        }

        /** Returns the bytes of the table. */
        long bytes() {
            return 2L * positions * (headSize / 2) * Float.BYTES;
        }
    }

    static RotaryTable open(OrtRuntime runtime, Key key) {
        try {
            return new RotaryTable(runtime.environment(), key);
        } catch (OrtException e) {
            throw OrtRuntime.failed("The rotary table of " + key.positions() + " positions cannot be made", e);
        }
    }

    long bytes() {
        return bytes;
    }

    void bind(Map<String, OnnxTensor> inputs) {
        inputs.put(LayerGraph.COSINES, cosines);
        inputs.put(LayerGraph.SINES, sines);
    }

    @Override
    public void close() {
        cosines.close();
        sines.close();
    }

    private static FloatBuffer floats(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder()).asFloatBuffer();
    }
}
