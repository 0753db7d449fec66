package dev.cleave.model.tokenizer;

/** The ranks of pairs of ids, by open addressing: tokenizers have 300,000 of them, and boxes would cost ten times as much. */
final class MergeTable {
    private static final long EMPTY = -1;

    private final long[] pairs;
    private final int[] ranks;
    private final int mask;

    /** Makes room for a number of pairs. */
    MergeTable(int expected) {
        int capacity = Integer.highestOneBit(Math.max(8, expected) * 2 - 1) * 2;
        pairs = new long[capacity];
        ranks = new int[capacity];
        mask = capacity - 1;
        java.util.Arrays.fill(pairs, EMPTY);
    }

    void put(int left, int right, int rank) {
        long pair = pair(left, right);
        int slot = slot(pair);
        pairs[slot] = pair;
        ranks[slot] = rank;
    }

    /** Returns the rank of a pair, or -1. */
    int rank(int left, int right) {
        int slot = slot(pair(left, right));
        return pairs[slot] == EMPTY ? -1 : ranks[slot];
    }

    private int slot(long pair) {
        long mixed = pair * 0x9e3779b97f4a7c15L;
        int slot = (int) (mixed >>> 32) & mask;
        while (pairs[slot] != EMPTY && pairs[slot] != pair) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private static long pair(int left, int right) {
        return (long) left << 32 | right;
    }
}
