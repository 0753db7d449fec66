package dev.cleave.engine.onnx;

import ai.onnxruntime.OrtEnvironment;
import dev.cleave.model.Architecture;

/**
 * The buffers that a step passes through: activations come in at {@code input}, and the layers write {@code even} and
 * {@code odd} by turns, so that what came in and what goes out both hold until the next step.
 */
final class Workspace implements AutoCloseable {
    private final OrtEnvironment environment;
    private final int vocabulary;
    private final long bytes;
    private final Rows input;
    private final Rows even;
    private final Rows odd;
    private Rows logits;

    Workspace(OrtEnvironment environment, Architecture architecture, int chunk) {
        this.environment = environment;
        this.vocabulary = architecture.vocabulary();
        this.bytes = bytes(architecture, chunk);
        this.input = new Rows(environment, chunk, architecture.hidden());
        this.even = new Rows(environment, chunk, architecture.hidden());
        this.odd = new Rows(environment, chunk, architecture.hidden());
    }

    /** Returns the bytes of the buffers, and of what ONNX Runtime takes while it runs a full chunk; without logits. */
    static long bytes(Architecture architecture, int chunk) {
        // What a layer holds at its widest point: two rows of d, and gate, up and their product; measured.
        long scratch = 2L * architecture.hidden() + 3L * architecture.feedForward();
        long buffers = 3L * architecture.hidden();
        return Float.BYTES * chunk * (scratch + buffers);
    }

    Rows input() {
        return input;
    }

    /** Returns the buffer that the i-th layer of the segment reads. */
    Rows before(int i) {
        return i == 0 ? input : after(i - 1);
    }

    /** Returns the buffer that the i-th layer of the segment writes. */
    Rows after(int i) {
        return i % 2 == 0 ? even : odd;
    }

    /** Returns the logits' buffer, with room for so many rows at least: most segments never need more than one. */
    Rows logits(int rows) {
        if (logits == null || logits.capacity() < rows) {
            if (logits != null) {
                logits.close();
            }
            logits = new Rows(environment, rows, vocabulary);
        }
        return logits;
    }

    /** Returns the bytes of the buffers, and of the memory that ONNX Runtime takes while it runs a full chunk. */
    long bytes() {
        return bytes + (logits == null ? 0 : logits.bytes());
    }

    @Override
    public void close() {
        input.close();
        even.close();
        odd.close();
        if (logits != null) {
            logits.close();
            logits = null;
        }
    }
}
