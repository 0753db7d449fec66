package dev.cleave.engine.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * A direct buffer [capacity, width] and tensors over its rows, each made once: a step binds them and copies nothing.
 */
final class Rows implements AutoCloseable {
    private final OrtEnvironment environment;
    private final int width;
    private final FloatBuffer buffer;
    private final FloatBuffer result;
    private final OnnxTensor[] heads;
    private final OnnxTensor[] singles;

    Rows(OrtEnvironment environment, int capacity, int width) {
        this.environment = environment;
        this.width = width;
        this.buffer = ByteBuffer.allocateDirect(Math.multiplyExact(capacity, width * Float.BYTES))
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        this.result = buffer.duplicate();
        this.heads = new OnnxTensor[capacity];
        this.singles = new OnnxTensor[capacity];
    }

    int capacity() {
        return heads.length;
    }

    long bytes() {
        return (long) buffer.capacity() * Float.BYTES;
    }

    /** Returns the buffer, whole. */
    FloatBuffer buffer() {
        return buffer;
    }

    /** Returns the first rows for whoever called the segment: position 0, limit behind the last. */
    FloatBuffer result(int rows) {
        return result.clear().limit(rows * width);
    }

    /** Returns the first rows as a tensor [1, rows, width]. */
    OnnxTensor first(int rows) throws OrtException {
        if (heads[rows - 1] == null) {
            heads[rows - 1] = tensor(0, rows);
        }
        return heads[rows - 1];
    }

    /** Returns one row as a tensor [1, 1, width]. */
    OnnxTensor row(int index) throws OrtException {
        if (singles[index] == null) {
            singles[index] = tensor(index, 1);
        }
        return singles[index];
    }

    private OnnxTensor tensor(int from, int rows) throws OrtException {
        FloatBuffer part = buffer.duplicate();
        part.limit((from + rows) * width).position(from * width);
        return OnnxTensor.createTensor(environment, part.slice(), new long[] {1, rows, width});
    }

    @Override
    public void close() {
        close(heads);
        close(singles);
    }

    private static void close(OnnxTensor[] tensors) {
        for (int i = 0; i < tensors.length; i++) {
            if (tensors[i] != null) {
                tensors[i].close();
                tensors[i] = null;
            }
        }
    }
}
