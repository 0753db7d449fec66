package dev.cleave.codec.rans;

/**
 * How often a code stands how far from its centre: one table of frequencies for each spread, for the range coder. Ours.
 *
 * <p>Symbols 0..62 are the distances −31..31, symbol 63 says that the distance is another. Spread i belongs to a logistic
 * distribution with a standard deviation of 0.1 · 2^(i/4) steps; frequencies are of 4096:
 *
 * <pre>
 *   t = 0.1 · 2^(i/4) · √3 / π              F(x) = 1 / (1 + e^(−x/t))
 *   p(o) = F(o + ½) − F(o − ½)              p(other) = 1 − Σ p(o)
 *   f(o) = 1 + ⌊4032 · p(o)⌋                what is left of 4096 goes to f(0)
 * </pre>
 *
 * Logistic, because activations have heavier tails than normal ones. Computed with {@code StrictMath}, so that every device
 * has the same tables, to the bit.
 */
public final class SpreadTables {
    public static final int SPREADS = 32;
    public static final int PRECISION = 12;
    public static final int TOTAL = 1 << PRECISION;
    public static final int REACH = 31;
    public static final int OTHER = 2 * REACH + 1;
    public static final int SYMBOLS = OTHER + 1;
    public static final int SLOT_SYMBOL = 2 * PRECISION;

    private static final int STATE_BITS = 31;
    private static final int USUAL_SLOTS = 3974;

    private static final int[][] FREQUENCY = new int[SPREADS][SYMBOLS];
    private static final int[][] START = new int[SPREADS][SYMBOLS];
    private static final long[][] RECIPROCAL = new long[SPREADS][SYMBOLS];
    private static final int[][] SHIFT = new int[SPREADS][SYMBOLS];
    private static final int[][] SLOT = new int[SPREADS][TOTAL];
    private static final float[][] BITS = new float[SPREADS][SYMBOLS];
    private static final int[] USUAL = new int[SPREADS];

    static {
        for (int spread = 0; spread < SPREADS; spread++) {
            fill(spread);
        }
    }

    private SpreadTables() {}

    private static void fill(int spread) {
        double t = deviation(spread) * StrictMath.sqrt(3) / Math.PI;
        int[] frequency = FREQUENCY[spread];
        double rest = 1;
        int sum = 0;
        for (int symbol = 0; symbol < OTHER; symbol++) {
            int distance = symbol - REACH;
            double p = cumulative((distance + 0.5) / t) - cumulative((distance - 0.5) / t);
            rest -= p;
            frequency[symbol] = 1 + (int) ((TOTAL - SYMBOLS) * p);
            sum += frequency[symbol];
        }
        frequency[OTHER] = 1 + (int) ((TOTAL - SYMBOLS) * Math.max(0, rest));
        frequency[REACH] += TOTAL - sum - frequency[OTHER];
        int start = 0;
        for (int symbol = 0; symbol < SYMBOLS; symbol++) {
            START[spread][symbol] = start;
            for (int i = 0; i < frequency[symbol]; i++) {
                SLOT[spread][start + i] = symbol << SLOT_SYMBOL | frequency[symbol] << PRECISION | i;
            }
            SHIFT[spread][symbol] = STATE_BITS + Integer.SIZE - Integer.numberOfLeadingZeros(frequency[symbol] - 1);
            RECIPROCAL[spread][symbol] = (1L << SHIFT[spread][symbol]) / frequency[symbol] + 1;
            start += frequency[symbol];
            BITS[spread][symbol] = (float) (PRECISION - Math.log(frequency[symbol]) / Math.log(2));
        }
        USUAL[spread] = usualOf(frequency);
    }

    private static int usualOf(int[] frequency) {
        int distance = 0;
        int slots = frequency[REACH];
        do {
            distance++;
            slots += frequency[REACH - distance] + frequency[REACH + distance];
        } while (slots < USUAL_SLOTS && distance < REACH);
        return distance;
    }

    private static double cumulative(double x) {
        return 1 / (1 + StrictMath.exp(-x));
    }

    /** Returns the standard deviation of a spread, in steps. */
    public static double deviation(int spread) {
        return 0.1 * StrictMath.pow(2, spread / 4.0);
    }

    /** Returns the spread that is there and nearest. */
    public static int nearest(int spread) {
        return Math.max(0, Math.min(SPREADS - 1, spread));
    }

    /** Returns the frequencies of a spread by symbol; they sum to {@link #TOTAL}. */
    public static int[] frequency(int spread) {
        return FREQUENCY[spread];
    }

    /** Returns where the slots of each symbol begin. */
    public static int[] start(int spread) {
        return START[spread];
    }

    /**
     * Returns by symbol what replaces the division of a state by its frequency: x / f(o) is {@code x * reciprocal >>> shift}, exactly
     * for 0 ≤ x < 2^31 (Granlund and Montgomery, 1994).
     */
    public static long[] reciprocal(int spread) {
        return RECIPROCAL[spread];
    }

    /** Returns by symbol how far the product with its reciprocal is shifted. */
    public static int[] shift(int spread) {
        return SHIFT[spread];
    }

    /**
     * Returns what a reader needs of each slot, in one look: its symbol from bit {@link #SLOT_SYMBOL} on, the symbol's frequency in the
     * 12 bits from {@link #PRECISION} on, and its distance from the symbol's first slot in the lowest 12.
     */
    public static int[] slot(int spread) {
        return SLOT[spread];
    }

    /** Returns what each symbol costs, in bits. */
    public static float[] bits(int spread) {
        return BITS[spread];
    }

    /** Returns the distance that few codes exceed: the least of 1..31 within which symbols own 97 % of the slots, 3974; or 31. */
    public static int usual(int spread) {
        return USUAL[spread];
    }
}
