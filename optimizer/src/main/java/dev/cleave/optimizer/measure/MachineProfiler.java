package dev.cleave.optimizer.measure;

import dev.cleave.model.KvPrecision;
import dev.cleave.model.Mode;
import dev.cleave.model.ModelException;
import dev.cleave.model.Output;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.SegmentSpec;
import dev.cleave.model.Sequence;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.optimizer.profile.CodecCost;
import dev.cleave.optimizer.profile.ComputeProfile;
import dev.cleave.optimizer.profile.ComputeProfile.FixedMemory;
import dev.cleave.optimizer.profile.LayerCost;
import dev.cleave.optimizer.profile.Line;
import dev.cleave.optimizer.profile.Provenance;
import dev.cleave.optimizer.profile.StepCost;
import dev.cleave.optimizer.profile.WidthCost;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Measures what a bundle costs on this machine.
 *
 * <p>Times. A segment of the first n layers is opened, all of them where memory allows, and run at four positions a token at a
 * time, at three in full chunks and at two in short ones; a line through the medians, divided by n, is taken for every layer: layers of one model are
 * alike. What a step takes besides its layers is told by a segment of one layer. The head is what the last layer takes longer with
 * logits and sampling than without. The first run of each figure warms up and does not count.
 *
 * <p>Bytes are the {@link Footprint}'s, layer by layer. All of that is with keys and values of float32; {@link KvTimes} has the others.
 */
public final class MachineProfiler {
    /** Unpacked weights of 16 bits double; packed ones grow by less than that. */
    private static final int GROWTH = 2;

    /** No engine takes more tokens at once. */
    private static final int MOST_CHUNK = 4096;

    private static final int ROWS = 64;
    private static final int CODEC_PART = 3;
    private static final int STEPS_OF_A_WIDTH = 3;
    private static final int QUANTILES = 50;

    private final SegmentEngine engine;
    private final Footprint footprint;
    private final Limits limits;

    /**
     * What the profiler may use.
     *
     * @param effort how long it takes
     * @param mostLayers that it opens together, at least 1
     * @param mostBytes of files of layers that it opens together, doubled, at least for one layer
     * @param process what it does not measure: memory of the process without a segment
     * @param gate lets others go first
     */
    public record Limits(Effort effort, int mostLayers, long mostBytes, Process process, Gate gate) {
        /** Memory of a process without a segment, in bytes, as {@link FixedMemory} has it. */
        public record Process(long base, long engine, long session) {}
    }

    /** Makes a profiler. The engine stays the caller's; its threads are those that the profile holds for. */
    public MachineProfiler(SegmentEngine engine, Footprint footprint, Limits limits) {
        this.engine = engine;
        this.footprint = footprint;
        this.limits = limits;
    }

    /**
     * Measures.
     *
     * @param widths of the bundle's, at least one
     * @param provenance what the profile says of its origin
     * @throws ModelException with {@code OUT_OF_RANGE} for widths that the bundle does not have
     * @throws InterruptedException where the gate says so
     */
    public Measured measure(
            Bundle bundle,
            List<Integer> widths,
            Mode mode,
            MeasuredLinks links,
            Provenance provenance,
            Progress progress)
            throws InterruptedException {
        check(bundle, widths);
        long total = (long) STEPS_OF_A_WIDTH * widths.size() + links.qualities().size();
        long done = 0;
        // Bytes first: buffers that a run has grown would be counted as workspace.
        int chunk = chunk(bundle, widths.get(0), mode);
        FixedMemory memory = new FixedMemory(
                limits.process().base(),
                limits.process().engine(),
                limits.process().session(),
                workspace(bundle, widths, mode, chunk),
                footprint.rotaryPerPosition(bundle),
                bundle.architecture().context());
        List<WidthTimes> times = new ArrayList<>();
        Map<String, Double> spread = new LinkedHashMap<>();
        for (int bits : widths) {
            WidthTimes each = new WidthTimes(engine, bundle, limits.effort(), limits.gate(), bits, mode);
            each.layers(together(bundle, bits));
            done += STEPS_OF_A_WIDTH - 1;
            progress.advanced(done, total, bits + " bits, layers");
            each.head();
            progress.advanced(++done, total, bits + " bits, head");
            each.spread(spread);
            times.add(each);
        }
        double step = times.stream().mapToDouble(WidthTimes::step).sorted().toArray()[widths.size() / 2];
        List<WidthCost> costs = new ArrayList<>();
        for (int i = 0; i < times.size(); i++) {
            costs.add(cost(bundle, widths.get(i), mode, times.get(i), step));
        }
        List<CodecCost> codec = codec(bundle, widths.get(0), mode, links, spread, new Counter(progress, done, total));
        KvTimes kv = new KvTimes(engine, bundle, limits.effort(), limits.gate(), widths.get(0), mode);
        ComputeProfile profile = new ComputeProfile(
                provenance,
                mode.label(),
                chunk,
                memory,
                new StepCost(LineFit.rounded(step), excess(times), afterWait(times)),
                costs,
                kv.measure(),
                codec);
        return new Measured(profile, Collections.unmodifiableMap(spread));
    }

    /** Returns so many quantiles of all widths' excess that the greatest is among them. */
    private static List<Double> excess(List<WidthTimes> times) {
        double[] all = times.stream()
                .flatMap(each -> each.excess().stream())
                .mapToDouble(value -> value)
                .sorted()
                .toArray();
        int count = Math.min(QUANTILES, all.length);
        List<Double> quantiles = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            double value = all[(int) ((long) i * all.length / count) - 1];
            quantiles.add(LineFit.rounded(Math.min(StepCost.MOST_EXCESS, value)));
        }
        return quantiles;
    }

    private static double afterWait(List<WidthTimes> times) {
        double[] all =
                times.stream().mapToDouble(WidthTimes::afterWait).sorted().toArray();
        return LineFit.rounded(all[all.length / 2]);
    }

    private record Counter(Progress progress, long done, long total) {
        void advanced(int more, String what) {
            progress.advanced(done + more, total, what);
        }
    }

    private static void check(Bundle bundle, List<Integer> widths) {
        if (widths.isEmpty() || !bundle.widths().containsAll(widths)) {
            throw new ModelException(
                    ModelException.Reason.OUT_OF_RANGE,
                    "widths " + widths + ": bundle " + bundle.name() + " has " + bundle.widths()
                            + "; name some of these");
        }
    }

    private int chunk(Bundle bundle, int bits, Mode mode) throws InterruptedException {
        limits.gate().pass();
        int length = Math.min(bundle.architecture().context(), MOST_CHUNK);
        try (Sequence segment = engine.begin(bundle, new SegmentSpec(0, 1, bits, mode), length, KvPrecision.FLOAT32)) {
            return segment.chunk();
        }
    }

    /** Returns how many layers, from the first, are opened together. */
    private int together(Bundle bundle, int bits) {
        long bytes = 0;
        int count = 0;
        int most = Math.min(bundle.architecture().layers(), limits.mostLayers());
        while (count < most) {
            bytes += GROWTH * bundle.file("layer", bits, count).bytes();
            if (bytes > limits.mostBytes()) {
                break;
            }
            count++;
        }
        return Math.max(1, count);
    }

    private WidthCost cost(Bundle bundle, int bits, Mode mode, WidthTimes times, double step)
            throws InterruptedException {
        Line decode = times.decode(step);
        Line prefill = times.prefill(step);
        Line shortPrefill = times.shortPrefill(step);
        List<LayerCost> layers = new ArrayList<>();
        for (int layer = 0; layer < bundle.architecture().layers(); layer++) {
            limits.gate().pass();
            layers.add(new LayerCost(footprint.layer(bundle, layer, bits, mode), decode, prefill, shortPrefill));
        }
        long logits = (long) bundle.architecture().vocabulary() * Float.BYTES;
        return new WidthCost(
                bits,
                layers,
                footprint.head(bundle, bits, mode) + logits,
                times.headMillis(),
                footprint.embedding(bundle, bits));
    }

    /** The greatest of the widths': one that has no kernel takes scratch memory besides. */
    private long workspace(Bundle bundle, List<Integer> widths, Mode mode, int chunk) {
        long greatest = 0;
        for (int bits : widths) {
            greatest = Math.max(greatest, footprint.workspace(bundle, bits, mode, chunk));
        }
        return greatest;
    }

    private List<CodecCost> codec(
            Bundle bundle, int bits, Mode mode, MeasuredLinks links, Map<String, Double> spread, Counter counter)
            throws InterruptedException {
        if (links.qualities().isEmpty()) {
            return Collections.emptyList();
        }
        int rows = Math.min(ROWS, bundle.architecture().context());
        int[] ids = SampleIds.of(bundle, rows);
        CodecTimes times = new CodecTimes(
                limits.effort().part(CODEC_PART),
                limits.gate(),
                ids,
                activations(bundle, bits, links.split(), mode, ids));
        AtomicInteger measured = new AtomicInteger();
        List<CodecCost> costs =
                times.measure(links.qualities(), name -> counter.advanced(measured.incrementAndGet(), name));
        spread.put("codec", LineFit.rounded(times.spread()));
        return costs;
    }

    /** Returns what crosses at a split, [ids, d]. */
    private float[] activations(Bundle bundle, int bits, int split, Mode mode, int[] ids) throws InterruptedException {
        limits.gate().pass();
        int width = bundle.architecture().hidden();
        float[] hidden = new float[ids.length * width];
        try (Sequence segment =
                engine.begin(bundle, new SegmentSpec(0, split, bits, mode), ids.length, KvPrecision.FLOAT32)) {
            for (int from = 0; from < ids.length; from += segment.chunk()) {
                int count = Math.min(segment.chunk(), ids.length - from);
                limits.gate().pass();
                FloatBuffer rows = segment.run(ids, from, count, from, Output.NONE);
                for (int i = 0; i < count * width; i++) {
                    hidden[from * width + i] = rows.get(i);
                }
            }
        }
        return hidden;
    }
}
