package dev.cleave.quality.evaluation;

import dev.cleave.codec.CodecLevel;
import dev.cleave.generation.link.TunedLinks;
import dev.cleave.model.KvPrecision;
import dev.cleave.model.Mode;
import dev.cleave.model.Output;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.SegmentSpec;
import dev.cleave.model.Sequence;
import dev.cleave.model.bundle.Bundle;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * How far a model with narrower weights, or behind a link, is from the same model with the widest weights and a lossless link.
 * All variants run beside each other: a front segment runs once for all that have its width, and the reference once for all.
 */
public final class VariantEvaluation implements AutoCloseable {
    private static final CodecLevel LOSSLESS = CodecLevel.of("lossless");

    private final SegmentEngine engine;
    private final Bundle bundle;
    private final int split;
    private final int length;
    private final int widest;
    private final List<Variant> variants;
    private final Map<Front, Sequence> fronts = new LinkedHashMap<>();
    private final List<Branch> branches = new ArrayList<>();
    private Branch reference;
    private final Softmax softmax;
    private final double[] sums;
    private int chunk;

    /**
     * One way to divide the model.
     *
     * @param frontBits of layers 1..ℓ
     * @param backBits of the others; without a meaning at split L, where there are none
     * @param link between them; without a meaning at split L
     * @param kv how the front segment stores keys and values
     */
    public record Variant(int frontBits, int backBits, CodecLevel link, KvPrecision kv) {
        /** A variant over the lossless link. */
        public Variant(int frontBits, int backBits) {
            this(frontBits, backBits, LOSSLESS);
        }

        /** A variant that keeps keys and values in float32. */
        public Variant(int frontBits, int backBits, CodecLevel link) {
            this(frontBits, backBits, link, KvPrecision.FLOAT32);
        }

        private Front front() {
            return new Front(frontBits, kv);
        }
    }

    private record Front(int bits, KvPrecision kv) {}

    /**
     * Opens the segments.
     *
     * @param split 1..L
     * @param length of the longest text, in tokens
     */
    public VariantEvaluation(SegmentEngine engine, Bundle bundle, int split, int length, List<Variant> variants) {
        this.engine = engine;
        this.bundle = bundle;
        this.split = split;
        this.length = length;
        this.variants = new ArrayList<>(variants);
        widest = bundle.widths().get(bundle.widths().size() - 1);
        softmax = new Softmax(bundle.architecture().vocabulary());
        try {
            open();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
        sums = new double[chunk];
    }

    private boolean whole() {
        return split == bundle.architecture().layers();
    }

    private void open() {
        chunk = front(plain()).chunk();
        for (Variant variant : variants) {
            chunk = Math.min(chunk, front(variant.front()).chunk());
        }
        if (!whole()) {
            UnaryOperator<CodecLevel> tuned = TunedLinks.at(bundle, split);
            reference = branch(widest, LOSSLESS);
            for (Variant variant : variants) {
                branches.add(branch(variant.backBits(), tuned.apply(variant.link())));
            }
        }
    }

    private Front plain() {
        return new Front(widest, KvPrecision.FLOAT32);
    }

    private Sequence front(Front of) {
        Sequence front = fronts.get(of);
        if (front == null) {
            front = engine.begin(bundle, new SegmentSpec(0, split, of.bits(), Mode.FAST), length, of.kv());
            fronts.put(of, front);
        }
        return front;
    }

    private Branch branch(int bits, CodecLevel link) {
        int layers = bundle.architecture().layers();
        int width = bundle.architecture().hidden();
        Sequence back =
                engine.begin(bundle, new SegmentSpec(split, layers, bits, Mode.FAST), length, KvPrecision.FLOAT32);
        chunk = Math.min(chunk, back.chunk());
        return new Branch(Coding.of(link, width), back, width);
    }

    /**
     * Runs a text, whose activations cross in chunks as those of a prompt do.
     *
     * @param ids at least two
     * @return for each variant the mean divergence KL of its predictions from the reference's, nats a token, at least 0
     */
    public double[] run(int[] ids) {
        double[] divergences = new double[variants.size()];
        for (int from = 0; from < ids.length; from += chunk) {
            step(ids, from, Math.min(chunk, ids.length - from), divergences);
        }
        for (int i = 0; i < divergences.length; i++) {
            // A divergence of nothing may come out below it, by rounding.
            divergences[i] = Math.max(0, divergences[i] / (ids.length - 1));
        }
        return divergences;
    }

    private void step(int[] ids, int from, int count, double[] divergences) {
        int vocabulary = bundle.architecture().vocabulary();
        // What follows the last token is not in the text.
        int predicted = Math.min(count, ids.length - 1 - from);
        Output output = whole() ? Output.ALL : Output.NONE;
        Map<Front, FloatBuffer> rows = new HashMap<>();
        fronts.forEach((of, front) -> rows.put(of, front.run(ids, from, count, from, output)));
        FloatBuffer expected = whole() ? rows.get(plain()) : reference.run(rows.get(plain()), count, from, Output.ALL);
        for (int i = 0; i < predicted; i++) {
            sums[i] = softmax.logSum(expected, i * vocabulary);
        }
        for (int variant = 0; variant < divergences.length; variant++) {
            FloatBuffer hidden = rows.get(variants.get(variant).front());
            FloatBuffer logits = whole() ? hidden : branches.get(variant).run(hidden, count, from, Output.ALL);
            for (int i = 0; i < predicted; i++) {
                int row = i * vocabulary;
                divergences[variant] += softmax.divergence(expected, sums[i], logits, softmax.logSum(logits, row), row);
            }
        }
    }

    @Override
    public void close() {
        branches.forEach(Branch::close);
        if (reference != null) {
            reference.close();
        }
        fronts.values().forEach(Sequence::close);
    }
}
