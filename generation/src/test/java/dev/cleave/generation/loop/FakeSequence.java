package dev.cleave.generation.loop;

import dev.cleave.model.KvPrecision;
import dev.cleave.model.Mode;
import dev.cleave.model.Output;
import dev.cleave.model.Segment;
import dev.cleave.model.SegmentMemory;
import dev.cleave.model.SegmentSpec;
import dev.cleave.model.Sequence;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.ToIntFunction;

/** A segment of one sequence that computes nothing but keeps the rules: activations are noise, logits favour what a function says. */
final class FakeSequence implements Segment, Sequence {
    private static final int CHUNK = 16;

    final List<Integer> held = new ArrayList<>();
    private final SegmentSpec spec;
    private final ToIntFunction<List<Integer>> model;
    private boolean closed;

    private FakeSequence(int layers, ToIntFunction<List<Integer>> model) {
        this.spec = new SegmentSpec(0, layers, 4, Mode.FAST);
        this.model = model;
    }

    /** Returns the first layers, whose activations are noise. */
    static FakeSequence front(int layers) {
        return new FakeSequence(layers, held -> 0);
    }

    /** Returns the whole model, which continues as the function says. */
    static FakeSequence whole(ToIntFunction<List<Integer>> model) {
        return new FakeSequence(Hearth.BUNDLE.architecture().layers(), model);
    }

    boolean closed() {
        return closed;
    }

    @Override
    public SegmentSpec spec() {
        return spec;
    }

    @Override
    public Segment segment() {
        return this;
    }

    @Override
    public Sequence begin(int maxLength, KvPrecision kv) {
        throw new IllegalStateException("has one sequence");
    }

    @Override
    public int maxLength() {
        return 256;
    }

    @Override
    public KvPrecision kv() {
        return KvPrecision.FLOAT32;
    }

    @Override
    public int chunk() {
        return CHUNK;
    }

    @Override
    public int length() {
        return held.size();
    }

    @Override
    public FloatBuffer hiddenInput() {
        throw new IllegalStateException("takes ids");
    }

    @Override
    public FloatBuffer run(int[] ids, int from, int tokens, int position, Output output) {
        if (closed || position > held.size() || tokens > CHUNK) {
            throw new AssertionError("closed=" + closed + ", " + tokens + " at " + position + " of " + held.size());
        }
        held.subList(position, held.size()).clear();
        for (int i = 0; i < tokens; i++) {
            held.add(ids[from + i]);
        }
        if (output == Output.NONE) {
            Random noise = new Random(position);
            float[] rows = new float[tokens * Hearth.BUNDLE.architecture().hidden()];
            for (int i = 0; i < rows.length; i++) {
                rows[i] = (float) noise.nextGaussian();
            }
            return FloatBuffer.wrap(rows);
        }
        float[] logits = new float[Hearth.BUNDLE.architecture().vocabulary()];
        logits[model.applyAsInt(held)] = 1;
        return FloatBuffer.wrap(logits);
    }

    @Override
    public FloatBuffer run(int tokens, int position, Output output) {
        throw new IllegalStateException("takes ids");
    }

    @Override
    public SegmentMemory footprint() {
        return new SegmentMemory(1, 2, 3);
    }

    @Override
    public void close() {
        closed = true;
    }
}
