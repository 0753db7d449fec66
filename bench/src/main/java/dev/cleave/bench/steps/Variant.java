package dev.cleave.bench.steps;

import java.util.Arrays;

/** One way to take a step, and the figures of all its steps, in ns. */
final class Variant {
    /** What a step is made of; the link is what the device waited less what the worker held. */
    enum Part {
        TOTAL,
        FRONT,
        ENCODE,
        LINK,
        QUEUE,
        DECODE,
        BACK,
        SAMPLE
    }

    private final String name;
    private final long[][] nanos;
    private int steps;

    Variant(String name, int most) {
        this.name = name;
        this.nanos = new long[Part.values().length][most];
    }

    String name() {
        return name;
    }

    void set(Part part, long value) {
        nanos[part.ordinal()][steps] = value;
    }

    void next() {
        steps++;
    }

    /** Returns ms. */
    double median(Part part) {
        return quantile(part, 0.5);
    }

    /** Returns ms; half of the steps took at most the quantile of 0.5. */
    double quantile(Part part, double share) {
        long[] sorted = Arrays.copyOf(nanos[part.ordinal()], steps);
        Arrays.sort(sorted);
        return sorted[(int) Math.min(steps - 1, Math.round(share * (steps - 1)))] / 1e6;
    }

    int steps() {
        return steps;
    }
}
