package dev.cleave.optimizer.measure;

import dev.cleave.model.KvPrecision;
import dev.cleave.model.Mode;
import dev.cleave.model.Output;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.Sequence;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.sampling.Sampler;
import dev.cleave.model.sampling.SamplingOptions;
import dev.cleave.optimizer.profile.LayerCost;
import dev.cleave.optimizer.profile.Line;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** The times of one width: of a segment of the first n layers, of the first layer alone, and of the head. */
final class WidthTimes extends SegmentTimes {
    private static final int MARKS = 4;

    /** Longer than threads stay awake. */
    private static final long WAIT_MILLIS = 40;

    private final TreeMap<Double, Double> decode = new TreeMap<>();
    private final TreeMap<Double, Double> prefill = new TreeMap<>();
    private final TreeMap<Double, Double> shortPrefill = new TreeMap<>();

    private final List<Double> excess = new ArrayList<>();

    private int[] ids;
    private int layers;
    private int chunk;
    private double single;
    private double afterWait;
    private double head;
    private double decodeSpread;
    private double prefillSpread;
    private double headSpread;

    WidthTimes(SegmentEngine engine, Bundle bundle, Effort effort, Gate gate, int bits, Mode mode) {
        super(engine, bundle, effort, gate, bits, mode);
    }

    /**
     * Measures the layers.
     *
     * @param count of the layers, from the first, that are opened together
     */
    void layers(int count) throws InterruptedException {
        layers = count;
        int context = bundle.architecture().context();
        int length = Math.min(context, effort.context());
        ids = SampleIds.of(bundle, length);
        try (Sequence segment = open(0, count, length)) {
            chunk = segment.chunk();
            walk(segment, length);
            double right = decode.firstEntry().getValue();
            afterWait = Math.max(1, afterWait(segment).median() / right);
        }
        if (count > 1) {
            try (Sequence first = open(0, 1, Math.min(length, chunk))) {
                single = token(first, ids, 0).and(token(first, ids, 0)).median();
            }
        }
    }

    /** Goes through the text, stops where something is measured, and measures it again on the way back. */
    private void walk(Sequence segment, int length) throws InterruptedException {
        TreeMap<Integer, Repeated> tokens = new TreeMap<>();
        for (int i = 0; i < MARKS; i++) {
            // At whole chunks, so that the text is filled in with as few runs as can be.
            int mark = (int) ((long) (length - 1) * i / (MARKS - 1));
            tokens.put(i == MARKS - 1 ? mark : mark / chunk * chunk, null);
        }
        TreeMap<Integer, Repeated> chunks = new TreeMap<>();
        for (int i = 0; i < MARKS - 1; i++) {
            chunks.put((length - chunk) * i / (MARKS - 2) / chunk * chunk, null);
        }
        TreeSet<Integer> stops = new TreeSet<>(tokens.keySet());
        stops.addAll(chunks.keySet());
        int filled = 0;
        for (int stop : stops) {
            while (filled < stop) {
                int count = Math.min(chunk, stop - filled);
                gate.pass();
                segment.run(ids, filled, count, filled, Output.NONE);
                filled += count;
            }
            measure(segment, stop, tokens, chunks, Effort.LEAST);
        }
        // Downwards nothing has to be filled in: a run at a position forgets what lies behind.
        for (Integer stop : stops.descendingSet()) {
            measure(segment, stop, tokens, chunks, 1);
            if (stop == 0 || stop.equals(chunks.lastKey())) {
                shortChunk(segment, stop);
            }
        }
        tokens.forEach((position, times) -> {
            decode.put((double) position, times.median());
            decodeSpread = Math.max(decodeSpread, times.spread());
            times.excess(excess);
        });
        chunks.forEach((position, times) -> {
            prefill.put(position + (chunk - 1) / 2.0, times.median() / chunk);
            prefillSpread = Math.max(prefillSpread, times.spread());
        });
    }

    private void measure(
            Sequence segment, int at, TreeMap<Integer, Repeated> tokens, TreeMap<Integer, Repeated> chunks, int slow)
            throws InterruptedException {
        if (tokens.containsKey(at)) {
            tokens.merge(at, token(segment, ids, at), Repeated::and);
        }
        if (chunks.containsKey(at)) {
            Repeated.Work chunked = () -> segment.run(ids, at, chunk, at, Output.NONE);
            // Only the first is cold: what filled the cache has warmed up the others.
            boolean cold = at == 0 && chunks.get(at) == null;
            Repeated times = cold ? Repeated.of(effort, gate, chunked) : Repeated.again(effort, slow, gate, chunked);
            chunks.merge(at, times, Repeated::and);
        }
    }

    private void shortChunk(Sequence segment, int at) throws InterruptedException {
        int count = Math.min(shortTokens(), ids.length - at);
        Repeated times = Repeated.of(effort, gate, () -> segment.run(ids, at, count, at, Output.NONE));
        shortPrefill.put(at + (count - 1) / 2.0, times.median() / count);
    }

    private int shortTokens() {
        return Math.min(LayerCost.SHORT, chunk);
    }

    /** Measures the first token behind waits as they are for an answer over a link. */
    private Repeated afterWait(Sequence segment) throws InterruptedException {
        Gate waiting = () -> {
            gate.pass();
            Thread.sleep(WAIT_MILLIS);
        };
        return Repeated.of(effort.waiting(), waiting, () -> segment.run(ids, 0, 1, 0, Output.NONE));
    }

    /** Measures final norm, head and sampler: a token through the last layer with logits, less one without. */
    void head() throws InterruptedException {
        int last = bundle.architecture().layers() - 1;
        Sampler sampler = new Sampler(bundle.architecture().vocabulary(), SamplingOptions.GREEDY);
        try (Sequence segment = open(last, last + 1, 2)) {
            if (!segment.segment().spec().takesIds()) {
                FloatBuffer input = segment.hiddenInput();
                for (int i = 0; i < bundle.architecture().hidden(); i++) {
                    input.put(i, (float) Math.sin(i));
                }
            }
            Repeated with = null;
            Repeated without = null;
            for (int turn = 0; turn < 2; turn++) {
                Repeated one = Repeated.of(effort, gate, () -> sampler.sample(run(segment, Output.LAST), 0, 1));
                Repeated other = Repeated.of(effort, gate, () -> run(segment, Output.NONE));
                with = turn == 0 ? one : with.and(one);
                without = turn == 0 ? other : without.and(other);
            }
            head = Math.max(0, with.median() - without.median());
            headSpread = with.spread();
        }
    }

    private FloatBuffer run(Sequence segment, Output output) {
        return segment.segment().spec().takesIds() ? segment.run(ids, 0, 1, 0, output) : segment.run(1, 0, output);
    }

    private Sequence open(int from, int to, int length) throws InterruptedException {
        return open(from, to, length, KvPrecision.FLOAT32);
    }

    /**
     * Returns what a step takes besides its layers, in ms: with t₁ of one layer and tₙ of n, the s of t = s + n·c. The caches of
     * the processor may serve one layer better than many, so it is at least 0, and at most half of t₁. Ours.
     */
    double step() {
        if (layers < 2) {
            return 0;
        }
        double step = (layers * single - decode.firstEntry().getValue()) / (layers - 1);
        return Math.max(0, Math.min(single / 2, step));
    }

    /** Returns the ms of a token in one layer. */
    Line decode(double step) {
        return perLayer(decode, step);
    }

    /** Returns the ms of a token in a full chunk in one layer. */
    Line prefill(double step) {
        return perLayer(prefill, step / chunk);
    }

    /** Returns the ms of a token in a short chunk in one layer. */
    Line shortPrefill(double step) {
        return perLayer(shortPrefill, step / shortTokens());
    }

    private Line perLayer(TreeMap<Double, Double> points, double step) {
        TreeMap<Double, Double> each = new TreeMap<>();
        points.forEach((position, millis) -> each.put(position, Math.max(millis / 2, millis - step) / layers));
        return LineFit.of(each);
    }

    double headMillis() {
        return LineFit.rounded(head);
    }

    /** Returns how many times as long a token takes behind a wait. */
    double afterWait() {
        return afterWait;
    }

    /** Returns by how much each token took longer than the median at its position, as a share of it. */
    List<Double> excess() {
        return excess;
    }

    /** Adds the spreads of its figures. */
    void spread(Map<String, Double> to) {
        to.put("decode-" + bits(), LineFit.rounded(decodeSpread));
        to.put("prefill-" + bits(), LineFit.rounded(prefillSpread));
        to.put("head-" + bits(), LineFit.rounded(headSpread));
    }
}
