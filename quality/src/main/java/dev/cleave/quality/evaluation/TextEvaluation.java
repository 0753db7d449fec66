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
 * Perplexity of a text, and how far each codec level moves the predictions from those of the lossless link. The text goes
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
    private final EvaluationCheckpoint checkpoint;
    private final int vocabulary;
    private final Softmax softmax;
    private final double[] losslessSums;
    private final double[] referenceSums;
    private final int chunk;

    /** Evaluates a model. */
    public TextEvaluation(SplitModel model) {
        this(model, null, EvaluationCheckpoint.none());
    }

    /**
     * Evaluates a model beside another.
     *
     * @param reference the same model with segments of 16 bits, or null
     * @param checkpoint windows that are done already
     */
    public TextEvaluation(SplitModel model, SplitModel reference, EvaluationCheckpoint checkpoint) {
        this.model = model;
        this.reference = reference;
        this.checkpoint = checkpoint;
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
     * @return a result for each branch, the lossless one first
     */
    public List<TextResult> run(List<int[]> windows, Steps steps, LongConsumer progress) {
        String unit = "text " + steps.name().toLowerCase(Locale.ROOT) + " ";
        List<Counts> totals = new ArrayList<>();
        model.branches().forEach(branch -> totals.add(new Counts()));
        long tokens = 0;
        for (int i = 0; i < windows.size(); i++) {
            Optional<JsonObject> before = checkpoint.find(unit + i);
            List<Counts> counts = before.isPresent() ? read(before.get()) : window(windows.get(i), steps);
            if (before.isEmpty()) {
                checkpoint.add(
                        unit + i, "branches", counts.stream().map(Counts::json).toList());
            }
            for (int branch = 0; branch < totals.size(); branch++) {
                totals.get(branch).add(counts.get(branch));
            }
            tokens += windows.get(i).length;
            progress.accept(tokens);
        }
        List<TextResult> results = new ArrayList<>();
        for (int i = 0; i < totals.size(); i++) {
            results.add(totals.get(i).result(model.branches().get(i).coding(), tokens, reference != null));
        }
        return results;
    }

    private List<Counts> read(JsonObject unit) {
        List<Counts> counts = new ArrayList<>();
        for (int i = 0; i < EvaluationCheckpoint.branches(unit, model.branches().size()); i++) {
            counts.add(Counts.of(unit.element("branches", i)));
        }
        return counts;
    }

    private List<Counts> window(int[] window, Steps steps) {
        model.branches().forEach(Branch::reset);
        int step = steps == Steps.PROMPT ? chunk : 1;
        for (int from = 0; from < window.length; from += step) {
            step(window, from, Math.min(step, window.length - from), steps == Steps.DECODE && from > 0);
        }
        return model.branches().stream().map(Branch::counts).toList();
    }

    private void step(int[] window, int from, int count, boolean sampled) {
        FloatBuffer bits16 = null;
        if (reference != null) {
            FloatBuffer hidden = reference.hidden(window, from, count, from);
            bits16 = reference.branches().get(0).run(hidden, count, from, Output.ALL);
            for (int i = 0; i < count; i++) {
                referenceSums[i] = softmax.logSum(bits16, i * vocabulary);
            }
        }
        FloatBuffer hidden = model.hidden(window, from, count, from);
        FloatBuffer lossless = null;
        for (Branch branch : model.branches()) {
            FloatBuffer logits = sampled
                    ? branch.runKnown(hidden, window[from], from > 1 ? window[from - 1] : -1, from, Output.ALL)
                    : branch.run(hidden, count, from, Output.ALL);
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
                branch.counts().predicted(sum - logits.get(row + window[from + i + 1]), kl, kl16);
            }
        }
    }
}
