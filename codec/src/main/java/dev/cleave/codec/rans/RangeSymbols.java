package dev.cleave.codec.rans;

/** Symbols 0..n-1 for the range coder, by their frequencies of 4096. */
public final class RangeSymbols {
    private final int[] frequency;
    private final int[] start;
    private final char[] symbol = new char[SpreadTables.TOTAL];

    /**
     * Creates the table of these symbols.
     *
     * @param frequency at least 1 each, 4096 in all
     */
    public RangeSymbols(int[] frequency) {
        this.frequency = frequency;
        start = new int[frequency.length];
        int sum = 0;
        for (int i = 0; i < frequency.length; i++) {
            start[i] = sum;
            for (int j = 0; j < frequency[i]; j++) {
                symbol[sum++] = (char) i;
            }
        }
    }

    public int frequency(int i) {
        return frequency[i];
    }

    public int start(int i) {
        return start[i];
    }

    public int symbol(int slot) {
        return symbol[slot];
    }
}
