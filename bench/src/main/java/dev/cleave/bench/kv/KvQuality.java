package dev.cleave.bench.kv;

import dev.cleave.model.KvPrecision;
import dev.cleave.model.Mode;
import dev.cleave.model.Output;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.SegmentSpec;
import dev.cleave.model.Sequence;
import dev.cleave.model.bundle.Bundle;
import java.nio.FloatBuffer;
import java.util.List;

/** Predictions of a text by two ways to run one divided model: how much likelier the text is by one, and how far they lie apart. */
final class KvQuality {
    private final SegmentEngine engine;
    private final Bundle bundle;
    private final List<int[]> windows;

    KvQuality(SegmentEngine engine, Bundle bundle, List<int[]> windows) {
        this.engine = engine;
        this.bundle = bundle;
        this.windows = windows;
    }

    /**
     * One way to run the model: the front at 4 bits, the back at 8.
     *
     * @param split layers in front, 1..L
     * @param step tokens at once
     * @param kv of the front
     */
    record Way(int split, int step, Mode mode, KvPrecision kv) {}

    /**
     * What was found.
     *
     * @param perplexity by the first way
     * @param rise of the perplexity by the second way, as a share
     * @param divergence of the second way's predictions from the first's, nats a token (Kullback–Leibler)
     * @param sameLikeliest share of the tokens behind which both hold the same one for the likeliest
     */
    record Result(double perplexity, double rise, double divergence, double sameLikeliest) {}

    Result compare(Way first, Way second) {
        int vocabulary = bundle.architecture().vocabulary();
        double[][] p = new double[2][];
        double[] loss = new double[2];
        double divergence = 0;
        long same = 0;
        long tokens = 0;
        try (Model one = new Model(first);
                Model other = new Model(second)) {
            for (int[] window : windows) {
                float[][] logits = {one.run(window), other.run(window)};
                for (int i = 0; i + 1 < window.length; i++) {
                    for (int way = 0; way < 2; way++) {
                        p[way] = logProbabilities(logits[way], i * vocabulary, vocabulary);
                        loss[way] -= p[way][window[i + 1]];
                    }
                    for (int id = 0; id < vocabulary; id++) {
                        divergence += Math.exp(p[0][id]) * (p[0][id] - p[1][id]);
                    }
                    same += likeliest(p[0]) == likeliest(p[1]) ? 1 : 0;
                    tokens++;
                }
            }
        }
        return new Result(
                Math.exp(loss[0] / tokens),
                Math.expm1((loss[1] - loss[0]) / tokens),
                divergence / tokens,
                (double) same / tokens);
    }

    private static double[] logProbabilities(float[] logits, int from, int count) {
        double greatest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            greatest = Math.max(greatest, logits[from + i]);
        }
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += Math.exp(logits[from + i] - greatest);
        }
        double log = greatest + Math.log(sum);
        double[] result = new double[count];
        for (int i = 0; i < count; i++) {
            result[i] = logits[from + i] - log;
        }
        return result;
    }

    private static int likeliest(double[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            if (values[i] > values[best]) {
                best = i;
            }
        }
        return best;
    }

    /** Front and back without a link between them. */
    private final class Model implements AutoCloseable {
        private final Way way;
        private final Sequence front;
        private final Sequence back;

        private Model(Way way) {
            this.way = way;
            int layers = bundle.architecture().layers();
            int context = bundle.architecture().context();
            front = engine.begin(bundle, new SegmentSpec(0, way.split(), 4, way.mode()), context, way.kv());
            back = way.split() == layers
                    ? null
                    : engine.begin(
                            bundle, new SegmentSpec(way.split(), layers, 8, way.mode()), context, KvPrecision.FLOAT32);
        }

        /** Returns the logits behind every token. */
        private float[] run(int[] ids) {
            int vocabulary = bundle.architecture().vocabulary();
            float[] logits = new float[ids.length * vocabulary];
            int tokens;
            for (int at = 0; at < ids.length; at += tokens) {
                tokens = Math.min(Math.min(way.step(), front.chunk()), ids.length - at);
                FloatBuffer result = front.run(ids, at, tokens, at, Output.ALL);
                if (back != null) {
                    back.hiddenInput().put(0, result, 0, result.remaining());
                    result = back.run(tokens, at, Output.ALL);
                }
                result.get(logits, at * vocabulary, tokens * vocabulary);
            }
            return logits;
        }

        @Override
        public void close() {
            front.close();
            if (back != null) {
                back.close();
            }
        }
    }
}
