package dev.cleave.workbench;

import dev.cleave.model.EngineOptions;
import dev.cleave.model.EngineProvider;
import dev.cleave.model.KvPrecision;
import dev.cleave.model.Mode;
import dev.cleave.model.Output;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.SegmentSpec;
import dev.cleave.model.Sequence;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.tokenizer.Tokenizer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;

/** A model in one segment that computes exactly, without a link: each text runs from its beginning, nothing is kept for the next. */
final class WholeModel implements AutoCloseable {
    private final SegmentEngine engine = EngineProvider.find().create(EngineOptions.DEFAULT);
    private final Bundle bundle;
    private final Sequence segment;
    final Tokenizer tokenizer;

    WholeModel(Path folder, int bits) {
        bundle = Bundle.open(folder);
        tokenizer = Tokenizer.of(bundle.tokenizerJson());
        int layers = bundle.architecture().layers();
        segment = engine.begin(
                bundle,
                new SegmentSpec(0, layers, bits, Mode.EXACT),
                bundle.architecture().context(),
                KvPrecision.FLOAT32);
    }

    /** Returns the ids of a text behind the token that begins a text. */
    int[] ids(String text) {
        int[] ids = tokenizer.encode(text, false);
        int[] all = new int[ids.length + 1];
        all[0] = bundle.bosId().orElseThrow();
        System.arraycopy(ids, 0, all, 1, ids.length);
        return all;
    }

    /** Returns the logarithms of the probabilities of the token behind each id. */
    double[][] logs(int[] ids) {
        int vocabulary = bundle.architecture().vocabulary();
        double[][] logs = new double[ids.length][vocabulary];
        for (int at = 0; at < ids.length; at++) {
            FloatBuffer logits = segment.run(ids, at, 1, at, Output.LAST);
            double sum = 0;
            for (int i = 0; i < vocabulary; i++) {
                sum += Math.exp(logits.get(i));
            }
            for (int i = 0; i < vocabulary; i++) {
                logs[at][i] = Math.log(Math.exp(logits.get(i)) / sum);
            }
        }
        return logs;
    }

    /** Returns the log-probability of a text behind another. */
    double log(String context, String text) {
        return log(ids(context + text), ids(context).length);
    }

    /** Returns the log-probability of the ids from an index. */
    double log(int[] ids, int from) {
        double[][] logs = logs(Arrays.copyOf(ids, ids.length - 1));
        double sum = 0;
        for (int i = from; i < ids.length; i++) {
            sum += logs[i - 1][ids[i]];
        }
        return sum;
    }

    /** Returns the likeliest next token, as text. */
    String next(String context) {
        int[] ids = ids(context);
        double[] logs = logs(ids)[ids.length - 1];
        int best = 0;
        for (int i = 0; i < logs.length; i++) {
            best = logs[i] > logs[best] ? i : best;
        }
        return tokenizer.decode(new int[] {best}, false);
    }

    @Override
    public void close() {
        segment.close();
        engine.close();
    }
}
