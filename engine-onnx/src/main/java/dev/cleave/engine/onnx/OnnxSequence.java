package dev.cleave.engine.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import dev.cleave.engine.onnx.internal.HeadGraph;
import dev.cleave.engine.onnx.internal.LayerGraph;
import dev.cleave.model.Architecture;
import dev.cleave.model.KvPrecision;
import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import dev.cleave.model.Output;
import dev.cleave.model.Segment;
import dev.cleave.model.SegmentMemory;
import dev.cleave.model.SegmentSpec;
import dev.cleave.model.Sequence;
import dev.cleave.model.bundle.EmbeddingRows;
import java.nio.FloatBuffer;

/** A text on a chain of ONNX Runtime sessions, one for each layer, and one for the head where the segment ends the model. */
final class OnnxSequence implements Sequence {
    private final OnnxSegment segment;
    private final Architecture architecture;
    private final SegmentSpec spec;
    private final EmbeddingRows embedding;
    private final int maxLength;
    private final KvPrecision kv;
    private final int chunk;
    private final SequenceParts parts;
    private final Workspace workspace;
    private final StepPosition position;
    private final Step[] layers;
    private final Step head;

    private int length;
    private int boundTokens;
    private boolean closed;

    OnnxSequence(OnnxSegment segment, int maxLength, KvPrecision kv, int chunk, SequenceParts parts)
            throws OrtException {
        this.segment = segment;
        this.architecture = segment.weights().bundle().architecture();
        this.spec = segment.spec();
        this.embedding = segment.weights().embedding();
        this.maxLength = maxLength;
        this.kv = kv;
        this.chunk = chunk;
        this.parts = parts;
        this.workspace = parts.workspace();
        this.position = parts.position();
        this.layers = parts.layers();
        this.head = parts.head();
        bind(1);
    }

    @Override
    public Segment segment() {
        return segment;
    }

    @Override
    public int maxLength() {
        return maxLength;
    }

    @Override
    public KvPrecision kv() {
        return kv;
    }

    @Override
    public int chunk() {
        return chunk;
    }

    @Override
    public synchronized int length() {
        return length;
    }

    @Override
    public FloatBuffer hiddenInput() {
        if (spec.takesIds()) {
            throw new IllegalStateException("A segment that begins at layer 0 takes token ids, not activations");
        }
        return workspace.input().buffer();
    }

    @Override
    public synchronized FloatBuffer run(int[] ids, int from, int tokens, int at, Output output) {
        if (!spec.takesIds()) {
            throw new IllegalStateException(
                    "A segment that begins at layer " + spec.from() + " takes activations, not token ids");
        }
        check(tokens, at);
        checkIds(ids, from, tokens);
        FloatBuffer input = workspace.input().buffer();
        for (int i = 0; i < tokens; i++) {
            embedding.row(ids[from + i], input, i * architecture.hidden());
        }
        return runLayers(tokens, at, output);
    }

    @Override
    public synchronized FloatBuffer run(int tokens, int at, Output output) {
        if (spec.takesIds()) {
            throw new IllegalStateException("A segment that begins at layer 0 takes token ids, not activations");
        }
        check(tokens, at);
        return runLayers(tokens, at, output);
    }

    private FloatBuffer runLayers(int tokens, int at, Output output) {
        // What a failed run leaves behind the position is never read.
        length = at;
        try {
            bind(tokens);
            position.set(at, tokens);
            for (Step layer : layers) {
                layer.run();
            }
            FloatBuffer result = result(tokens, output);
            length = at + tokens;
            return result;
        } catch (OrtException e) {
            throw OrtRuntime.failed("Running " + tokens + " tokens at position " + at + " failed", e);
        }
    }

    private FloatBuffer result(int tokens, Output output) throws OrtException {
        Rows last = workspace.after(layers.length - 1);
        if (head == null) {
            return last.result(tokens);
        }
        return switch (output) {
            case NONE -> workspace.logits(1).result(0);
            case LAST -> logits(last.row(tokens - 1), 1);
            case ALL -> logits(last.first(tokens), tokens);
        };
    }

    private FloatBuffer logits(OnnxTensor hidden, int rows) throws OrtException {
        Rows logits = workspace.logits(rows);
        head.inputs().put(HeadGraph.HIDDEN, hidden);
        head.outputs().put(HeadGraph.LOGITS, logits.first(rows));
        head.run();
        return logits.result(rows);
    }

    private void bind(int tokens) throws OrtException {
        if (boundTokens == tokens) {
            return;
        }
        for (int i = 0; i < layers.length; i++) {
            layers[i].inputs().put(LayerGraph.HIDDEN, workspace.before(i).first(tokens));
            layers[i].outputs().put(LayerGraph.OUTPUT, workspace.after(i).first(tokens));
        }
        boundTokens = tokens;
    }

    private void check(int tokens, int at) {
        checkOpen();
        if (tokens < 1 || tokens > chunk) {
            throw outOfRange("tokens=" + tokens + ": a run of this sequence takes 1.." + chunk);
        }
        if (at < 0 || at > length) {
            throw outOfRange("position=" + at + ": the KV cache holds " + length + " tokens, so 0.." + length);
        }
        if (tokens > maxLength - at) {
            throw outOfRange("position=" + at + " and " + tokens + " tokens make " + (at + tokens)
                    + ": this sequence was begun for " + maxLength
                    + ". Shorten the text or begin it for more.");
        }
    }

    private void checkIds(int[] ids, int from, int tokens) {
        if (from < 0 || from > ids.length - tokens) {
            throw outOfRange("from=" + from + ", tokens=" + tokens + ": the array holds " + ids.length + " ids");
        }
        for (int i = from; i < from + tokens; i++) {
            if (ids[i] < 0 || ids[i] >= architecture.vocabulary()) {
                throw outOfRange("id " + ids[i] + " at index " + i + ": the vocabulary has ids 0.."
                        + (architecture.vocabulary() - 1) + ". Use the model's own tokenizer.");
            }
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("This sequence is closed");
        }
    }

    @Override
    public synchronized SegmentMemory footprint() {
        checkOpen();
        return parts.footprint();
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            length = 0;
            parts.close();
            segment.release();
        }
    }

    private static ModelException outOfRange(String message) {
        return new ModelException(Reason.OUT_OF_RANGE, message);
    }
}
