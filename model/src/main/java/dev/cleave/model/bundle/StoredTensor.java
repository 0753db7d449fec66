package dev.cleave.model.bundle;

import dev.cleave.model.checkpoint.TensorType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The name, type and shape of a tensor that a bundle's file must have. */
record StoredTensor(String name, TensorType type, List<Long> shape) {
    StoredTensor(String name, TensorType type, long... shape) {
        this(name, type, boxed(shape));
    }

    long bytes() {
        long bytes = type.bytes();
        for (long dimension : shape) {
            bytes = Math.multiplyExact(bytes, dimension);
        }
        return bytes;
    }

    private static List<Long> boxed(long[] shape) {
        List<Long> list = new ArrayList<>();
        for (long dimension : shape) {
            list.add(dimension);
        }
        return Collections.unmodifiableList(list);
    }
}
