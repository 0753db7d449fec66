package dev.cleave.generation;

import java.util.Arrays;

/**
 * The clocks of one generation. Everything is allocated at its beginning, so that a step can be measured without leaving
 * anything on the heap.
 */
final class StepMeter {
    static final int EDGE = 0;
    static final int ENCODE = 1;
    static final int LINK = 2;
    static final int CLOUD = 3;
    private static final int TOTAL = 4;
    private static final int PARTS = 5;

    private final long[][] decode;
    private final long[] current = new long[PARTS];
    private int decodeSteps;
    private int steps;
    private int tokens;
    private long frameBytes;
    private long prefillNanos;
    private double squaredErrors;

    /** @param decodeSteps at most so many decode steps are kept */
    StepMeter(int decodeSteps) {
        decode = new long[PARTS][decodeSteps];
    }

    void add(int part, long nanos) {
        current[part] += nanos;
    }

    void sent(int stepTokens, int bytes) {
        steps++;
        tokens += stepTokens;
        frameBytes += bytes;
    }

    /** Counts the relative error of a frame's rows. */
    void lost(int stepTokens, double relativeError) {
        squaredErrors += stepTokens * relativeError * relativeError;
    }

    /** Returns the root mean square of the relative errors, over tokens. */
    double relativeError() {
        return tokens == 0 ? 0 : Math.sqrt(squaredErrors / tokens);
    }

    void prefilled(long nanos) {
        prefillNanos = nanos;
        Arrays.fill(current, 0);
    }

    void decoded(long nanos) {
        current[TOTAL] = nanos;
        for (int part = 0; part < PARTS; part++) {
            decode[part][decodeSteps] = current[part];
            current[part] = 0;
        }
        decodeSteps++;
    }

    int steps() {
        return steps;
    }

    int decodeSteps() {
        return decodeSteps;
    }

    int tokens() {
        return tokens;
    }

    long frameBytes() {
        return frameBytes;
    }

    Timings timings() {
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
