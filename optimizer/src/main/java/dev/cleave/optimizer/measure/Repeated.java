package dev.cleave.optimizer.measure;

import java.util.Arrays;

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
        double[] millis = new double[effort.most()];
        int count = 0;
        double sum = 0;
        while (count < effort.most()) {
            boolean slow = sum > effort.sliceMillis() && count >= Effort.LEAST && sum / count > effort.sliceMillis();
            if (slow || sum > effort.sliceMillis() && count >= effort.least()) {
                break;
            }
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

    private double quantile(double share) {
        double at = share * (sorted.length - 1);
        int below = (int) at;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }
}
