package dev.cleave.bench;

import java.util.Arrays;

/** Medians, quantiles and spreads of samples in any order. */
public final class Statistics {
    private Statistics() {}

    /** Returns the middle, between the two middle ones of an even number. */
    public static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** Returns the value that so large a share of the sample does not exceed, the nearest one. */
    public static double quantile(double[] values, double share) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[(int) Math.round(share * (sorted.length - 1))];
    }

    /** Returns half the distance between the least and the greatest, as a share of the median. */
    public static double spread(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return (sorted[sorted.length - 1] - sorted[0]) / 2 / median(values);
    }
}
