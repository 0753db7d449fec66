package dev.cleave.model.tokenizer;

import java.util.Arrays;

/** Token ids as they are found, without boxes. */
final class IntList {
    private int[] values = new int[64];
    private int size;

    void add(int value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, 2 * size);
        }
        values[size++] = value;
    }

    void addAll(int[] more) {
        for (int value : more) {
            add(value);
        }
    }

    int size() {
        return size;
    }

    int[] toArray() {
        return Arrays.copyOf(values, size);
    }

    int[] from(int start) {
        return Arrays.copyOfRange(values, start, size);
    }
}
