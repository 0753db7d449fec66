package dev.cleave.edge.evaluation;

import dev.cleave.model.Output;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Perplexity of a text, and how far each link quality moves the predictions from those of the lossless link. The text goes
 * through in windows that know nothing of each other, each behind the token that begins a text where the model has one.
 */
public final class TextEvaluation {
    /** Bytes of a frame that are not the quality's: header and checksum. */
    private static final int FRAME_HEADER = 12;

    /** In how many tokens at once the activations cross. */
    public enum Steps {
        /** As a prompt does: in chunks. */
        PROMPT,
        /** As generated tokens do: one by one. */
        DECODE
    }

    private final SplitModel model;
    private final int vocabulary;
    private final double[] scratch;
    private final double[] losslessSums;

    /** Evaluates a model. */
    public TextEvaluation(SplitModel model) {
        this.model = model;
        vocabulary = model.bundle().architecture().vocabulary();
        scratch = new double[vocabulary];
        losslessSums = new double[model.chunk()];
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
        model.lanes().forEach(Lane::reset);
        long tokens = 0;
        for (int[] window : windows) {
            int step = steps == Steps.PROMPT ? model.chunk() : 1;
            for (int from = 0; from < window.length; from += step) {
                int count = Math.min(step, window.length - from);
                step(window, from, count, steps == Steps.DECODE && from > 0);
                tokens += count;
            }
            progress.accept(tokens);
        }
        List<TextResult> results = new ArrayList<>();
        for (Lane lane : model.lanes()) {
            results.add(lane.tally().result(lane.quality().name(), FRAME_HEADER, tokens));
        }
        return results;
    }

    private void step(int[] window, int from, int count, boolean sampled) {
        FloatBuffer hidden = model.hidden(window, from, count, from);
        FloatBuffer lossless = null;
        for (Lane lane : model.lanes()) {
            FloatBuffer logits = sampled
                    ? lane.runKnown(hidden, window[from], from > 1 ? window[from - 1] : -1, from, Output.ALL)
                    : lane.run(hidden, count, from, Output.ALL);
            lossless = lossless == null ? logits : lossless;
            for (int i = 0; i < count && from + i + 1 < window.length; i++) {
                compare(lane, lossless, logits, i, window[from + i + 1]);
            }
        }
    }

    private void compare(Lane lane, FloatBuffer lossless, FloatBuffer logits, int index, int next) {
        int row = index * vocabulary;
        double normalizer = logSum(logits, row);
        double kl = 0;
        if (logits == lossless) {
            losslessSums[index] = normalizer;
        } else {
            for (int i = 0; i < vocabulary; i++) {
                double log = lossless.get(row + i) - losslessSums[index];
                kl += Math.exp(log) * (log - (logits.get(row + i) - normalizer));
            }
        }
        lane.tally().predicted(normalizer - logits.get(row + next), kl);
    }

    private double logSum(FloatBuffer logits, int row) {
        double greatest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < vocabulary; i++) {
            scratch[i] = logits.get(row + i);
            greatest = Math.max(greatest, scratch[i]);
        }
        double sum = 0;
        for (int i = 0; i < vocabulary; i++) {
            sum += Math.exp(scratch[i] - greatest);
        }
        return greatest + Math.log(sum);
    }
}
