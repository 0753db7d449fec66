package dev.cleave.optimizer.measure;

import java.util.Arrays;
import java.util.List;

/** The times of a piece of work that was repeated, in ms, in rising order. */
final class Repeated {
    private static final double NANOS = 1e6;

    private final double[] sorted;

    private Repeated(double[] sorted) {
        this.sorted = sorted;
    }

    /** What is repeated. */
    interface Work {
        /** Does it. */
        void run();
    }

    /** Repeats a piece of work; the first time does not count. */
    static Repeated of(Effort effort, Gate gate, Work work) throws InterruptedException {
        gate.pass();
        work.run();
        return again(effort, Effort.LEAST, gate, work);
    }

    /**
     * Repeats a piece of work that was done before.
     *
     * @param slow how often where it takes longer than its slice
     */
    static Repeated again(Effort effort, int slow, Gate gate, Work work) throws InterruptedException {
        double[] millis = new double[effort.most()];
        int count = 0;
        double sum = 0;
        while (count < effort.most() && !enough(effort, slow, count, sum)) {
            gate.pass();
            long begin = System.nanoTime();
            work.run();
            millis[count] = (System.nanoTime() - begin) / NANOS;
            sum += millis[count++];
        }
        double[] sorted = Arrays.copyOf(millis, count);
        Arrays.sort(sorted);
        return new Repeated(sorted);
    }

    private static boolean enough(Effort effort, int slow, int count, double sum) {
        int needed = sum > count * (double) effort.sliceMillis() ? slow : effort.least();
        return sum > effort.sliceMillis() && count >= needed;
    }

    /** Returns both together. */
    Repeated and(Repeated other) {
        double[] both = Arrays.copyOf(sorted, sorted.length + other.sorted.length);
        System.arraycopy(other.sorted, 0, both, sorted.length, other.sorted.length);
        Arrays.sort(both);
        return new Repeated(both);
    }

    double median() {
        return quantile(0.5);
    }

    /** Returns (third quartile − first) / median. */
    double spread() {
        double median = median();
        return median > 0 ? (quantile(0.75) - quantile(0.25)) / median : 0;
    }

    /** Adds by how much each time is greater than the median, as a share of it. */
    void excess(List<Double> to) {
        double median = median();
        for (double millis : sorted) {
            to.add(median > 0 ? millis / median - 1 : 0);
        }
    }

    private double quantile(double share) {
        double at = share * (sorted.length - 1);
        int below = (int) at;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }
}
