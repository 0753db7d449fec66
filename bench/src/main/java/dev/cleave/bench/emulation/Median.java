package dev.cleave.bench.emulation;

import java.util.Arrays;

/** Of a sample that may come in any order. */
final class Median {
    private Median() {}

    static double of(double[] sample) {
        return quantile(sample, 0.5);
    }

    static double quantile(double[] sample, double share) {
        double[] sorted = sample.clone();
        Arrays.sort(sorted);
        return sorted[(int) Math.round(share * (sorted.length - 1))];
    }
}
