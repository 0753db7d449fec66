package dev.cleave.model.tokenizer;

import java.util.Arrays;

/**
 * Merges the symbols of one word, the pair of lowest rank first and of equal ones the leftmost: a linked list and a heap, so
 * that n symbols take n log n. Keeps its arrays from word to word; for one thread.
 */
final class WordMerger {
    private final MergeTable merges;
    private final int[] results;
    private int[] symbols = new int[32];
    private int[] previous = new int[32];
    private int[] next = new int[32];
    private long[] heap = new long[64];
    private int size;
    private int waiting;

    /**
     * Creates a merger.
     *
     * @param merges rank of each pair
     * @param results the id that a merge makes, by rank
     */
    WordMerger(MergeTable merges, int[] results) {
        this.merges = merges;
        this.results = results;
    }

    /** Appends a symbol to the word. */
    void add(int symbol) {
        if (size == symbols.length) {
            symbols = Arrays.copyOf(symbols, 2 * size);
            previous = Arrays.copyOf(previous, 2 * size);
            next = Arrays.copyOf(next, 2 * size);
        }
        symbols[size] = symbol;
        previous[size] = size - 1;
        next[size] = size + 1;
        size++;
    }

    /** Merges the word, hands its ids on, and begins a new one. */
    void finish(IntList ids) {
        for (int i = 0; i + 1 < size; i++) {
            offer(i);
        }
        while (waiting > 0) {
            long top = poll();
            merge((int) top, results[(int) (top >>> 32)]);
        }
        for (int i = 0; i < size; i = next[i]) {
            ids.add(symbols[i]);
        }
        size = 0;
    }

    private void merge(int left, int result) {
        // A symbol that went into another keeps no successor.
        int right = next[left];
        if (right < 0 || right == size) {
            return;
        }
        // The pair may have changed since; it still counts where it makes the same token, as in the reference.
        int rank = merges.rank(symbols[left], symbols[right]);
        if (rank < 0 || results[rank] != result) {
            return;
        }
        symbols[left] = result;
        next[left] = next[right];
        next[right] = -1;
        if (next[left] < size) {
            previous[next[left]] = left;
            offer(left);
        }
        if (previous[left] >= 0) {
            offer(previous[left]);
        }
    }

    private void offer(int left) {
        int rank = merges.rank(symbols[left], symbols[next[left]]);
        if (rank < 0) {
            return;
        }
        if (waiting == heap.length) {
            heap = Arrays.copyOf(heap, 2 * waiting);
        }
        long key = (long) rank << 32 | left;
        int at = waiting++;
        while (at > 0) {
            int parent = (at - 1) / 2;
            if (heap[parent] <= key) {
                break;
            }
            heap[at] = heap[parent];
            at = parent;
        }
        heap[at] = key;
    }

    private long poll() {
        long top = heap[0];
        long last = heap[--waiting];
        int at = 0;
        for (int child = 1; child < waiting; child = 2 * at + 1) {
            if (child + 1 < waiting && heap[child + 1] < heap[child]) {
                child++;
            }
            if (last <= heap[child]) {
                break;
            }
            heap[at] = heap[child];
            at = child;
        }
        heap[at] = last;
        return top;
    }
}
