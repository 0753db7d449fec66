package dev.cleave.quality.evaluation;

import dev.cleave.model.Output;
import dev.cleave.model.json.JsonObject;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Perplexity of a text, and how far each link quality moves the predictions from those of the lossless link. The text goes
 * through in windows that know nothing of each other, each behind the token that begins a text where the model has one.
 */
public final class TextEvaluation {
    /** In how many tokens at once the activations cross. */
    public enum Steps {
        /** As a prompt does: in chunks. */
        PROMPT,
        /** As generated tokens do: one by one. */
        DECODE
    }

    private final SplitModel model;
    private final SplitModel reference;
    private final FinishedWork finished;
    private final int vocabulary;
    private final Softmax softmax;
    private final double[] losslessSums;
    private final double[] referenceSums;
    private final int chunk;

    /** Evaluates a model. */
    public TextEvaluation(SplitModel model) {
        this(model, null, FinishedWork.none());
    }

    /**
     * Evaluates a model beside another.
     *
     * @param reference the same model with segments of 16 bits, or null
     * @param finished windows that are done already
     */
    public TextEvaluation(SplitModel model, SplitModel reference, FinishedWork finished) {
        this.model = model;
        this.reference = reference;
        this.finished = finished;
        vocabulary = model.bundle().architecture().vocabulary();
        softmax = new Softmax(vocabulary);
        chunk = reference == null ? model.chunk() : Math.min(model.chunk(), reference.chunk());
        losslessSums = new double[chunk];
        referenceSums = new double[chunk];
    }

    /** Cuts ids into windows of at most {@code size} tokens with the beginning token in front of each, dropping one too short. */
    public static List<int[]> windows(int[] ids, int size, int begin) {
        int content = begin < 0 ? size : size - 1;
        List<int[]> windows = new ArrayList<>();
        for (int from = 0; from < ids.length; from += content) {
            int[] part = Arrays.copyOfRange(ids, from, Math.min(ids.length, from + content));
            int[] window = part;
            if (begin >= 0) {
                window = new int[part.length + 1];
                window[0] = begin;
                System.arraycopy(part, 0, window, 1, part.length);
            }
            if (window.length > 1) {
                windows.add(window);
            }
        }
        return windows;
    }

    /**
     * Runs the windows.
     *
     * @param progress is told the tokens that are done
     * @return a result for each lane, the lossless one first
     */
    public List<TextResult> run(List<int[]> windows, Steps steps, LongConsumer progress) {
        String unit = "text " + steps.name().toLowerCase(Locale.ROOT) + " ";
        List<Tally> totals = new ArrayList<>();
        model.lanes().forEach(lane -> totals.add(new Tally()));
        long tokens = 0;
        for (int i = 0; i < windows.size(); i++) {
            Optional<JsonObject> before = finished.find(unit + i);
            List<Tally> tallies = before.isPresent() ? read(before.get()) : window(windows.get(i), steps);
            if (before.isEmpty()) {
                finished.add(
                        unit + i, "lanes", tallies.stream().map(Tally::json).toList());
            }
            for (int lane = 0; lane < totals.size(); lane++) {
                totals.get(lane).add(tallies.get(lane));
            }
            tokens += windows.get(i).length;
            progress.accept(tokens);
        }
        List<TextResult> results = new ArrayList<>();
        for (int i = 0; i < totals.size(); i++) {
            results.add(totals.get(i).result(model.lanes().get(i).coding(), tokens, reference != null));
        }
        return results;
    }

    private List<Tally> read(JsonObject unit) {
        List<Tally> tallies = new ArrayList<>();
        for (int i = 0; i < FinishedWork.lanes(unit, model.lanes().size()); i++) {
            tallies.add(Tally.of(unit.element("lanes", i)));
        }
        return tallies;
    }

    private List<Tally> window(int[] window, Steps steps) {
        model.lanes().forEach(Lane::reset);
        int step = steps == Steps.PROMPT ? chunk : 1;
        for (int from = 0; from < window.length; from += step) {
            step(window, from, Math.min(step, window.length - from), steps == Steps.DECODE && from > 0);
        }
        return model.lanes().stream().map(Lane::tally).toList();
    }

    private void step(int[] window, int from, int count, boolean sampled) {
        FloatBuffer bits16 = null;
        if (reference != null) {
            FloatBuffer hidden = reference.hidden(window, from, count, from);
            bits16 = reference.lanes().get(0).run(hidden, count, from, Output.ALL);
            for (int i = 0; i < count; i++) {
                referenceSums[i] = softmax.logSum(bits16, i * vocabulary);
            }
        }
        FloatBuffer hidden = model.hidden(window, from, count, from);
        FloatBuffer lossless = null;
        for (Lane lane : model.lanes()) {
            FloatBuffer logits = sampled
                    ? lane.runKnown(hidden, window[from], from > 1 ? window[from - 1] : -1, from, Output.ALL)
                    : lane.run(hidden, count, from, Output.ALL);
            lossless = lossless == null ? logits : lossless;
            for (int i = 0; i < count && from + i + 1 < window.length; i++) {
                int row = i * vocabulary;
                double sum = softmax.logSum(logits, row);
                double kl = 0;
                if (logits == lossless) {
                    losslessSums[i] = sum;
                } else {
                    kl = softmax.divergence(lossless, losslessSums[i], logits, sum, row);
                }
                double kl16 = bits16 == null ? 0 : softmax.divergence(bits16, referenceSums[i], logits, sum, row);
                lane.tally().predicted(sum - logits.get(row + window[from + i + 1]), kl, kl16);
            }
        }
    }
}
