package dev.cleave.bench.engine;

import java.util.Arrays;

/** Medians and spreads. */
final class Statistics {
    private Statistics() {}

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** Returns half the distance between the least and the greatest, as a share of the median. */
    static double spread(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return (sorted[sorted.length - 1] - sorted[0]) / 2 / median(values);
    }
}
