package dev.cleave.codec;

import java.util.Arrays;

/** Finds centre and spread under which a token's codes cost least in the range coder. */
final class SpreadChoice {
    private final int[] histogram = new int[SpreadTables.SYMBOLS];
    private int centre;
    private int spread;
    private double bits;

    /** Looks at codes 0..255. */
    void choose(byte[] codes, int from, int count) {
        long sum = 0;
        long squares = 0;
        for (int i = from; i < from + count; i++) {
            int code = codes[i] & 0xFF;
            sum += code;
            squares += (long) code * code;
        }
        double mean = (double) sum / count;
        centre = (int) (mean + 0.5);
        double deviation = Math.sqrt(Math.max(0, (double) squares / count - mean * mean));
        Arrays.fill(histogram, 0);
        for (int i = from; i < from + count; i++) {
            histogram[RangeWriter.symbol((codes[i] & 0xFF) - centre)]++;
        }
        int guess = (int) Math.round(4 * Math.log(Math.max(deviation, 1e-3) / 0.1) / Math.log(2));
        bits = Double.MAX_VALUE;
        for (int each = guess - 2; each <= guess + 2; each++) {
            int candidate = Math.max(0, Math.min(SpreadTables.SPREADS - 1, each));
            double cost = cost(candidate);
            if (cost < bits) {
                bits = cost;
                spread = candidate;
            }
        }
    }

    private double cost(int candidate) {
        float[] each = SpreadTables.bits(candidate);
        double sum = 8.0 * histogram[SpreadTables.OTHER];
        for (int symbol = 0; symbol < SpreadTables.SYMBOLS; symbol++) {
            sum += histogram[symbol] * each[symbol];
        }
        return sum;
    }

    int centre() {
        return centre;
    }

    int spread() {
        return spread;
    }

    /** Returns what the codes cost, in bits. */
    double bits() {
        return bits;
    }
}
