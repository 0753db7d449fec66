package dev.cleave.codec;

/** Symbols 0..n-1 for the range coder, by their frequencies of 4096. */
final class RangeSymbols {
    private final int[] frequency;
    private final int[] start;
    private final char[] symbol = new char[SpreadTables.TOTAL];

    /** @param frequency at least 1 each, 4096 in all */
    RangeSymbols(int[] frequency) {
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

    int frequency(int i) {
        return frequency[i];
    }

    int start(int i) {
        return start[i];
    }

    int symbol(int slot) {
        return symbol[slot];
    }
}
