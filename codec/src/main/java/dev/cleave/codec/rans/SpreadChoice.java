package dev.cleave.codec.rans;

import java.util.Arrays;

/** Finds centre and spread under which a token's codes cost least in the range coder. */
public final class SpreadChoice {
    private static final int ANY = -1;
    private static final int LANES = 4;
    private static final int CODES = 256;

    private final int[] lanes = new int[LANES * CODES];
    private final int[] histogram = new int[SpreadTables.SYMBOLS];
    private int first;
    private int last;
    private int centre;
    private int spread;
    private double bits;

    /** Looks at codes of so many bits, 1..8, around the centre that suits them. */
    public void choose(byte[] codes, int from, int count, int codeBits) {
        choose(codes, from, count, codeBits, ANY);
    }

    /** Looks at codes of so many bits, 1..8, around a given centre. */
    public void choose(byte[] codes, int from, int count, int codeBits, int around) {
        int most = (1 << codeBits) - 1;
        countCodes(codes, from, from + count, most);
        long sum = 0;
        long squares = 0;
        for (int code = 0; code <= most; code++) {
            long times = lanes[code];
            sum += times * code;
            squares += times * code * code;
        }
        double mean = (double) sum / count;
        centre = around == ANY ? (int) (mean + 0.5) : around;
        double deviation = Math.sqrt(Math.max(0, (double) squares / count - mean * mean));
        Arrays.fill(histogram, 0);
        for (int code = 0; code <= most; code++) {
            histogram[RangeWriter.symbol(code - centre)] += lanes[code];
        }
        first = Math.max(0, SpreadTables.REACH - centre);
        last = Math.min(SpreadTables.OTHER - 1, SpreadTables.REACH - centre + most);
        int guess = (int) Math.round(4 * Math.log(Math.max(deviation, 1e-3) / 0.1) / Math.log(2));
        bits = Double.MAX_VALUE;
        for (int each = guess - 2; each <= guess + 2; each++) {
            int candidate = SpreadTables.nearest(each);
            double cost = cost(candidate);
            if (cost < bits) {
                bits = cost;
                spread = candidate;
            }
        }
    }

    /** Four counts of each code, because codes repeat and one count would wait for itself; sums them up in the first. */
    private void countCodes(byte[] codes, int from, int to, int most) {
        for (int lane = 0; lane < LANES; lane++) {
            Arrays.fill(lanes, lane * CODES, lane * CODES + most + 1, 0);
        }
        int i = from;
        for (; i + LANES <= to; i += LANES) {
            lanes[codes[i] & 0xFF]++;
            lanes[CODES + (codes[i + 1] & 0xFF)]++;
            lanes[2 * CODES + (codes[i + 2] & 0xFF)]++;
            lanes[3 * CODES + (codes[i + 3] & 0xFF)]++;
        }
        for (; i < to; i++) {
            lanes[codes[i] & 0xFF]++;
        }
        for (int code = 0; code <= most; code++) {
            lanes[code] += lanes[CODES + code] + lanes[2 * CODES + code] + lanes[3 * CODES + code];
        }
    }

    private double cost(int candidate) {
        float[] each = SpreadTables.bits(candidate);
        double sum = histogram[SpreadTables.OTHER] * (8.0 + each[SpreadTables.OTHER]);
        for (int symbol = first; symbol <= last; symbol++) {
            sum += histogram[symbol] * each[symbol];
        }
        return sum;
    }

    public int centre() {
        return centre;
    }

    public int spread() {
        return spread;
    }

    /** Returns what the codes cost, in bits. */
    public double bits() {
        return bits;
    }
}
