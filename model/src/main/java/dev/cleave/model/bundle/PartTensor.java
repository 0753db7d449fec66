package dev.cleave.model.bundle;

import dev.cleave.model.checkpoint.TensorType;
import dev.cleave.model.quantize.BlockFormat;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * A matrix, or a vector, of a bundle: the rows of one or several tensors of the checkpoint, one after another.
 *
 * @param name within the file
 * @param rows of the matrix; 1 for a vector
 * @param columns of the matrix, or values of the vector
 * @param isMatrix whether it is stored at a width; vectors are stored as float32
 * @param sources names in the checkpoint
 */
record PartTensor(String name, int rows, int columns, boolean isMatrix, List<String> sources) {
    static PartTensor matrix(String name, int rows, int columns, String... sources) {
        return new PartTensor(name, rows, columns, true, Collections.unmodifiableList(Arrays.asList(sources)));
    }

    static PartTensor vector(String name, int length, String... sources) {
        return new PartTensor(name, 1, length, false, Collections.unmodifiableList(Arrays.asList(sources)));
    }

    /** Returns the name of the tensor that holds codes or halves; of a vector, its name. */
    String weightName() {
        return isMatrix ? name + ".weight" : name;
    }

    String scalesName() {
        return name + ".scales";
    }

    /** Returns the number of values in the checkpoint. */
    long values() {
        return (long) rows * columns;
    }

    /** Returns the safetensors that store it at a width. */
    List<StoredTensor> stored(int bits) {
        if (!isMatrix) {
            return Collections.singletonList(new StoredTensor(name, TensorType.F32, columns));
        }
        if (bits == 16) {
            return Collections.singletonList(new StoredTensor(weightName(), TensorType.F16, rows, columns));
        }
        BlockFormat format = BlockFormat.of(bits, columns);
        return Arrays.asList(
                new StoredTensor(weightName(), TensorType.U8, rows, format.blocks(), format.blockBytes()),
                new StoredTensor(scalesName(), TensorType.F32, rows, format.blocks()));
    }
}
