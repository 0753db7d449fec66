package dev.cleave.generation.backend;

import dev.cleave.generation.StepMillis;
import dev.cleave.generation.Timings;
import java.util.Arrays;

/**
 * The clocks of one generation. Everything is allocated at its beginning, so that a step can be measured without leaving
 * anything on the heap.
 */
public final class StepMeter {
    public static final int EDGE = 0;
    public static final int ENCODE = 1;
    public static final int LINK = 2;
    public static final int CLOUD = 3;
    public static final int TOTAL = 4;
    private static final int PARTS = 5;

    private final long[][] decode;
    private final long[] current = new long[PARTS];
    private int decodeSteps;
    private int steps;
    private int carried;
    private long values;
    private int stepTokens;
    private int stepBytes;
    private long frameBytes;
    private long prefillNanos;
    private double squaredErrors;

    /**
     * Creates a meter that has counted nothing.
     *
     * @param decodeSteps at most so many decode steps are kept
     */
    public StepMeter(int decodeSteps) {
        decode = new long[PARTS][decodeSteps];
    }

    public void add(int part, long nanos) {
        current[part] += nanos;
    }

    /** Counts a step: its tokens, the values d of each that cross, and the bytes of their frame. */
    public void sent(int tokens, int width, int bytes) {
        steps++;
        carried += width > 0 ? tokens : 0;
        values += (long) tokens * width;
        frameBytes += bytes;
        stepTokens = tokens;
        stepBytes = bytes;
    }

    /** Counts the relative error of a frame's rows. */
    public void lost(int tokens, double relativeError) {
        squaredErrors += tokens * relativeError * relativeError;
    }

    /** Returns the root mean square of the relative errors, over the tokens that crossed. */
    public double relativeError() {
        return carried == 0 ? 0 : Math.sqrt(squaredErrors / carried);
    }

    public void prefilled(long nanos) {
        prefillNanos = nanos;
        Arrays.fill(current, 0);
    }

    /** Forgets the clocks of a step that does not count. */
    public void discard() {
        Arrays.fill(current, 0);
    }

    public void decoded(long nanos) {
        current[TOTAL] = nanos;
        for (int part = 0; part < PARTS; part++) {
            decode[part][decodeSteps] = current[part];
            current[part] = 0;
        }
        decodeSteps++;
    }

    public int steps() {
        return steps;
    }

    public int decodeSteps() {
        return decodeSteps;
    }

    /** Returns the activations that crossed. */
    public long values() {
        return values;
    }

    /** Returns the tokens of the last step. */
    public int stepTokens() {
        return stepTokens;
    }

    /** Returns the bytes of the last step's frame. */
    public int stepBytes() {
        return stepBytes;
    }

    /** Returns ns of a part of the last decode step, or of all of it. */
    public long last(int part) {
        return decode[part][decodeSteps - 1];
    }

    public long frameBytes() {
        return frameBytes;
    }

    public Timings timings() {
        double[] means = new double[PARTS];
        double[] medians = new double[PARTS];
        for (int part = 0; part < PARTS; part++) {
            long[] sorted = Arrays.copyOf(decode[part], decodeSteps);
            Arrays.sort(sorted);
            means[part] = millis(Arrays.stream(sorted).average().orElse(Double.NaN));
            medians[part] = millis(median(sorted));
        }
        return new Timings(decodeSteps, parts(means), parts(medians), millis(prefillNanos));
    }

    private static double median(long[] sorted) {
        if (sorted.length == 0) {
            return Double.NaN;
        }
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2.0;
    }

    private static StepMillis parts(double[] values) {
        return new StepMillis(values[EDGE], values[ENCODE], values[LINK], values[CLOUD], values[TOTAL]);
    }

    private static double millis(double nanos) {
        return nanos / 1e6;
    }
}
