package dev.cleave.optimizer.measure;

import dev.cleave.model.Architecture;
import dev.cleave.model.KvPrecision;
import dev.cleave.model.Mode;
import dev.cleave.model.Output;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.Sequence;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.optimizer.profile.KvCost;
import dev.cleave.optimizer.profile.Line;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * What the precisions of keys and values cost. Attention does not see how wide the weights are, so one width and a few layers tell
 * for all: the same layers with either precision, taking turns, at the beginning and the end of a text.
 */
final class KvTimes extends SegmentTimes {
    private static final int LAYERS = 2;

    /** Tokens of the shortest chunk that the engine makes for the sake of its scores. */
    private static final int SHORTEST_CHUNK = 16;

    KvTimes(SegmentEngine engine, Bundle bundle, Effort effort, Gate gate, int bits, Mode mode) {
        super(engine, bundle, effort, gate, bits, mode);
    }

    /** Measures all precisions. */
    List<KvCost> measure() throws InterruptedException {
        Architecture shape = bundle.architecture();
        long values = 2L * shape.kvHeads() * shape.headSize();
        List<KvCost> costs = new ArrayList<>();
        costs.add(KvCost.float32(values * KvPrecision.FLOAT32.bytes()));
        costs.add(new KvCost(
                KvPrecision.FLOAT16.label(),
                values * KvPrecision.FLOAT16.bytes(),
                (long) SHORTEST_CHUNK * shape.heads() * Float.BYTES,
                extra(KvPrecision.FLOAT16)));
        return costs;
    }

    /** Returns the ms a layer and token by which a precision is slower than float32, where it is. */
    private Line extra(KvPrecision other) throws InterruptedException {
        int length = Math.min(bundle.architecture().context(), effort.context());
        int layers = Math.min(LAYERS, bundle.architecture().layers());
        int[] ids = SampleIds.of(bundle, length);
        TreeMap<Double, Double> each = new TreeMap<>();
        try (Sequence plain = open(0, layers, length, KvPrecision.FLOAT32);
                Sequence rounded = open(0, layers, length, other)) {
            fill(plain, ids);
            fill(rounded, ids);
            // Downwards: a run at a position forgets what lies behind.
            for (int at : new int[] {length - 1, 0}) {
                double slower = difference(plain, rounded, ids, at);
                each.put((double) at, Math.max(0, slower) / layers);
            }
        }
        return LineFit.of(each);
    }

    private void fill(Sequence segment, int[] ids) throws InterruptedException {
        int last = ids.length - 1;
        for (int from = 0; from < last; from += segment.chunk()) {
            gate.pass();
            segment.run(ids, from, Math.min(segment.chunk(), last - from), from, Output.NONE);
        }
    }

    private double difference(Sequence plain, Sequence rounded, int[] ids, int at) throws InterruptedException {
        Repeated one = token(plain, ids, at);
        Repeated other = token(rounded, ids, at);
        return token(rounded, ids, at).and(other).median()
                - token(plain, ids, at).and(one).median();
    }
}
