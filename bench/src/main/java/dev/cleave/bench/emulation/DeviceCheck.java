package dev.cleave.bench.emulation;

import dev.cleave.bench.Statistics;
import dev.cleave.model.KvPrecision;
import dev.cleave.model.Mode;
import dev.cleave.model.Output;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.SegmentSpec;
import dev.cleave.model.Sequence;
import dev.cleave.model.bundle.Bundle;
import java.util.Locale;

/** Tokens of a front segment on emulated devices, taking turns with the same segment as it is. */
final class DeviceCheck {
    private static final double[] FACTORS = {1, 4, 10, 30};
    private static final int SPLIT = 6;
    private static final int BITS = 4;
    private static final int STEPS = 64;
    private static final int ROUNDS = 12;
    private static final int WARM_UP = 3;

    private DeviceCheck() {}

    static void append(StringBuilder text, Bundle bundle, SegmentEngine engine) {
        text.append("## Devices, emulated\n\n");
        text.append(String.format(Locale.ROOT, """
                The front segment of hearth-5m, split %d, %d bits, `fast`, one thread, a token at a time; as it is, and slowed k times,
                taking turns of %d tokens. A slowed step is computed k times over. *Computed* is what one of them took in the mean, *step* what its
                caller waited. *Stretch* is the median of step / computed: what is asked is k. *Against the plain segment* is the ratio of the two
                medians. Medians of %d steps after %d to warm up.

                """, SPLIT, BITS, STEPS, ROUNDS * STEPS, WARM_UP * STEPS));
        text.append(
                "| k | plain step, ms | computed, ms | step, ms | stretch | stretch, 99 % | against the plain segment |\n");
        text.append("|---:|---:|---:|---:|---:|---:|---:|\n");
        for (double factor : FACTORS) {
            row(text, bundle, engine, factor);
        }
        text.append('\n');
    }

    private static void row(StringBuilder text, Bundle bundle, SegmentEngine engine, double factor) {
        SegmentSpec spec = new SegmentSpec(0, SPLIT, BITS, Mode.FAST);
        double[] plain = new double[ROUNDS * STEPS];
        double[] computed = new double[ROUNDS * STEPS];
        double[] slowed = new double[ROUNDS * STEPS];
        double[] stretch = new double[ROUNDS * STEPS];
        int[] id = {17};
        try (Sequence real = engine.begin(bundle, spec, STEPS, KvPrecision.FLOAT32);
                SlowedSequence slow =
                        new SlowedSequence(engine.begin(bundle, spec, STEPS, KvPrecision.FLOAT32), factor)) {
            for (int step = -WARM_UP * STEPS; step < ROUNDS * STEPS; step += STEPS) {
                for (int position = 0; position < STEPS; position++) {
                    double millis = step(real, id, position);
                    if (step >= 0) {
                        plain[step + position] = millis;
                    }
                }
                for (int position = 0; position < STEPS; position++) {
                    double millis = step(slow, id, position);
                    if (step >= 0) {
                        computed[step + position] = slow.realNanos() / 1e6;
                        slowed[step + position] = millis;
                        stretch[step + position] = millis / computed[step + position];
                    }
                }
            }
        }
        text.append(String.format(
                Locale.ROOT,
                "| %.0f | %.3f | %.3f | %.3f | %.3f | %.3f | %.2f |%n",
                factor,
                Statistics.median(plain),
                Statistics.median(computed),
                Statistics.median(slowed),
                Statistics.median(stretch),
                Statistics.quantile(stretch, 0.99),
                Statistics.median(slowed) / Statistics.median(plain)));
    }

    private static double step(Sequence segment, int[] id, int position) {
        long begin = System.nanoTime();
        segment.run(id, 0, 1, position, Output.ALL);
        return (System.nanoTime() - begin) / 1e6;
    }
}
