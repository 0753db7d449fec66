package dev.cleave.model.sampling;

/** A binary heap of longs in one array: either the least on top, to keep the k greatest, or the greatest, to take them in turn. */
final class KeyHeap {
    private final long[] keys;
    private int size;

    KeyHeap(int capacity) {
        keys = new long[capacity];
    }

    void clear() {
        size = 0;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** Keeps a key where it is one of the {@code count} greatest so far. */
    void offerGreatest(long key, int count) {
        if (size < count) {
            int at = size++;
            while (at > 0 && keys[(at - 1) / 2] > key) {
                keys[at] = keys[(at - 1) / 2];
                at = (at - 1) / 2;
            }
            keys[at] = key;
        } else if (key > keys[0]) {
            int at = 0;
            for (int child = 1; child < size; child = 2 * at + 1) {
                if (child + 1 < size && keys[child + 1] < keys[child]) {
                    child++;
                }
                if (key <= keys[child]) {
                    break;
                }
                keys[at] = keys[child];
                at = child;
            }
            keys[at] = key;
        }
    }

    /** Returns the least of the keys that {@link #offerGreatest} kept. */
    long least() {
        return keys[0];
    }

    /** Appends a key; {@link #order} must follow. */
    void append(long key) {
        keys[size++] = key;
    }

    /** Makes what was appended a heap with the greatest on top. */
    void order() {
        for (int i = size / 2 - 1; i >= 0; i--) {
            sink(i, keys[i]);
        }
    }

    /** Removes and returns the greatest. */
    long pollGreatest() {
        long greatest = keys[0];
        long last = keys[--size];
        sink(0, last);
        return greatest;
    }

    private void sink(int from, long key) {
        int at = from;
        for (int child = 2 * at + 1; child < size; child = 2 * at + 1) {
            if (child + 1 < size && keys[child + 1] > keys[child]) {
                child++;
            }
            if (key >= keys[child]) {
                break;
            }
            keys[at] = keys[child];
            at = child;
        }
        keys[at] = key;
    }
}
