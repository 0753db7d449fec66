package dev.cleave.bench.kv;

import dev.cleave.model.Architecture;
import dev.cleave.model.KvPrecision;
import dev.cleave.model.Mode;
import dev.cleave.model.Output;
import dev.cleave.model.Rope;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.SegmentSpec;
import dev.cleave.model.Sequence;
import dev.cleave.model.bundle.Bundle;
import java.util.Arrays;

/** Milliseconds of a layer at some position, by precision: both segments are open at once and take turns, step by step. */
final class KvSpeed implements AutoCloseable {
    /** Layers of TinyLlama-1.1B's shape, with a small vocabulary and a long context. */
    static final Architecture SHAPE = new Architecture(
            "llama", 4, 2048, 32, 4, 64, 5632, 2048, 4096, 1e-5f, new Rope.Plain(10_000), false, false);

    private static final int LAYERS = 3;
    private static final int STEPS = 41;
    private static final int CHUNKS = 5;

    private final Sequence[] segments;
    private final int[] ids;

    KvSpeed(SegmentEngine engine, Bundle bundle) {
        KvPrecision[] precisions = KvPrecision.values();
        segments = new Sequence[precisions.length];
        for (int i = 0; i < precisions.length; i++) {
            segments[i] = engine.begin(
                    bundle,
                    new SegmentSpec(0, LAYERS, 4, Mode.FAST),
                    bundle.architecture().context(),
                    precisions[i]);
        }
        ids = new int[segments[0].chunk()];
        Arrays.setAll(ids, i -> i * 13);
    }

    /** Returns the cache's bytes for a layer and token, by precision. */
    long bytesPerToken(KvPrecision kv) {
        return segments[kv.ordinal()].footprint().kv() / LAYERS / SHAPE.context();
    }

    /** Returns the median of a token's milliseconds in a layer at the position, by precision. */
    double[] decode(int position) {
        fill(position);
        return millis(position, 1, STEPS);
    }

    /** Returns the median of a token's milliseconds in a layer within a full chunk at the position, by precision. */
    double[] prefill(int position) {
        fill(position);
        return millis(position, ids.length, CHUNKS);
    }

    /** Returns the tokens of a chunk, by precision. */
    int chunk(KvPrecision kv) {
        return segments[kv.ordinal()].chunk();
    }

    private double[] millis(int position, int most, int repetitions) {
        double[][] times = new double[segments.length][repetitions];
        for (int i = 0; i < repetitions; i++) {
            for (int each = 0; each < segments.length; each++) {
                int which = (i + each) % segments.length;
                int tokens = Math.min(most, segments[which].chunk());
                long start = System.nanoTime();
                segments[which].run(ids, 0, tokens, position, Output.NONE);
                times[which][i] = (System.nanoTime() - start) / 1e6 / LAYERS / tokens;
            }
        }
        double[] medians = new double[segments.length];
        for (int which = 0; which < segments.length; which++) {
            Arrays.sort(times[which]);
            medians[which] = times[which][repetitions / 2];
        }
        return medians;
    }

    private void fill(int position) {
        for (Sequence segment : segments) {
            while (segment.length() < position) {
                int tokens = Math.min(segment.chunk(), position - segment.length());
                segment.run(ids, 0, tokens, segment.length(), Output.NONE);
            }
        }
    }

    @Override
    public void close() {
        for (Sequence segment : segments) {
            segment.close();
        }
    }
}
