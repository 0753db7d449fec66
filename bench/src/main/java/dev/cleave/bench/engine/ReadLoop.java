package dev.cleave.bench.engine;

import dev.cleave.bench.Statistics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * How fast threads read memory that no cache holds: the bound of decoding, which reads every weight once a token. Each thread
 * reads an array of its own; the fastest of several loops counts, because a bound is what can be reached.
 */
final class ReadLoop {
    private static final int INTS = 64 << 20;
    private static final int STREAMS = 4;
    private static final int BLOCK = 4096;
    private static final int ROUNDS = 7;

    private ReadLoop() {}

    private interface Loop {
        int sum(int[] values);
    }

    /** Returns bytes a second. */
    static double bytesPerSecond(int threads) throws InterruptedException, ExecutionException {
        List<int[]> arrays = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            int[] array = new int[INTS];
            Arrays.fill(array, i + 1);
            arrays.add(array);
        }
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            double best = 0;
            for (Loop loop : List.<Loop>of(ReadLoop::straight, ReadLoop::streams, ReadLoop::halves)) {
                double[] rounds = new double[ROUNDS];
                for (int i = 0; i < ROUNDS; i++) {
                    rounds[i] = round(executor, arrays, loop);
                }
                best = Math.max(best, Statistics.median(rounds));
            }
            return best;
        } finally {
            executor.shutdownNow();
        }
    }

    private static double round(ExecutorService executor, List<int[]> arrays, Loop loop)
            throws InterruptedException, ExecutionException {
        List<Future<Integer>> sums = new ArrayList<>();
        long start = System.nanoTime();
        for (int[] array : arrays) {
            sums.add(executor.submit(() -> loop.sum(array)));
        }
        int total = 0;
        for (Future<Integer> sum : sums) {
            total += sum.get();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        if (total == 0) {
            throw new IllegalStateException("the sums are used, so that no compiler drops them");
        }
        return (double) arrays.size() * INTS * Integer.BYTES / seconds;
    }

    private static int straight(int[] values) {
        return sum(values, 0, values.length);
    }

    /** Compares two halves that are equal, by the widest loads that the machine has: its sums bound the other loops. */
    private static int halves(int[] values) {
        int half = values.length / 2;
        return Arrays.mismatch(values, 0, half, values, half, 2 * half);
    }

    /** Reads four places at once, a page or so of each in turn: more streams for the hardware to prefetch. */
    private static int streams(int[] values) {
        int part = values.length / STREAMS;
        int sum = 0;
        for (int at = 0; at < part; at += BLOCK) {
            for (int stream = 0; stream < STREAMS; stream++) {
                sum += sum(values, stream * part + at, BLOCK);
            }
        }
        return sum;
    }

    private static int sum(int[] values, int from, int count) {
        int sum = 0;
        for (int i = from; i < from + count; i++) {
            sum += values[i];
        }
        return sum;
    }
}
