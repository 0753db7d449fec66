package dev.cleave.codec.tuned;

import dev.cleave.codec.rans.SpreadTables;

/**
 * The first codes of a frame's only token, as what the range coder's state is left with behind all others. Ours. A state that begins at 0
 * makes the symbol that is put in first cost 12 bits, whatever it is; one that begins below that symbol's frequency costs no more. So
 * a few codes travel for next to nothing: as many components from the first on, whose variances are the greatest, as have
 * {@link #MOST} numbers in all, where each may be within ±{@link SpreadTables#usual}.
 */
public final class BitsBackCodes {
    /** Numbers that there may be: 13 bits, one more than such a symbol costs, because small ones are likelier. */
    public static final int MOST = 1 << 13;

    /** 3^8 is below {@link #MOST}, 3^9 above. */
    private static final int MOST_CODES = 8;

    private final int[] reach;
    private int count;
    private int numbers;

    /**
     * Creates the codes of a width.
     *
     * @param width d
     */
    public BitsBackCodes(int width) {
        reach = new int[Math.min(width, MOST_CODES)];
    }

    /**
     * Finds which they are in a token with that shift.
     *
     * @return how many, from component 0 on, 1..8
     */
    public int of(TunedQuantizer quantizer, int shift) {
        count = 0;
        numbers = 1;
        while (count < reach.length) {
            int usual = SpreadTables.usual(quantizer.spread(count, shift));
            if (numbers * radix(usual) > MOST) {
                break;
            }
            numbers *= radix(usual);
            reach[count++] = usual;
        }
        return count;
    }

    private static int radix(int reach) {
        return 2 * reach + 1;
    }

    /** Returns how many numbers the state may be left with. */
    public int numbers() {
        return numbers;
    }

    /** Returns the number that a token's codes make, or -1 where one is beyond its reach. */
    public int number(short[] codes) {
        int number = 0;
        for (int k = count - 1; k >= 0; k--) {
            int code = codes[k];
            if (Math.abs(code) > reach[k]) {
                return -1;
            }
            number = number * radix(reach[k]) + (code > 0 ? 2 * code - 1 : -2 * code);
        }
        return number;
    }

    /** Adds what the codes of a number stand for. */
    public void add(int number, float step, float[] components) {
        int rest = number;
        for (int k = 0; k < count; k++) {
            int digit = rest % radix(reach[k]);
            rest /= radix(reach[k]);
            components[k] += TunedQuantizer.value((digit & 1) != 0 ? digit + 1 >> 1 : -(digit >> 1), step);
        }
    }
}
