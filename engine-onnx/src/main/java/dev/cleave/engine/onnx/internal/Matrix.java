package dev.cleave.engine.onnx.internal;

import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import dev.cleave.model.bundle.TensorFile;
import dev.cleave.model.checkpoint.TensorInfo;
import dev.cleave.model.checkpoint.TensorType;
import java.util.ArrayList;
import java.util.List;

/**
 * A weight matrix of a bundle, [rows, columns], checked against the shape that the model's architecture gives it: ONNX
 * Runtime would read beyond the end of a shorter one.
 *
 * @param name of the matrix: its tensors are {@code name.weight} and {@code name.scales}
 * @param rows outputs
 * @param columns inputs
 * @param bits 2, 4, 8 or 16
 * @param block weights that share a scale; 0 at 16 bits
 * @param weight codes, or float16 values
 * @param scales of the blocks, null at 16 bits
 */
public record Matrix(String name, int rows, int columns, int bits, int block, TensorInfo weight, TensorInfo scales) {
    private static final int HALF = 16;

    /**
     * Finds a matrix in a file.
     *
     * @throws ModelException with {@code DAMAGED_BUNDLE} where it is missing or has another shape
     */
    public static Matrix in(TensorFile file, String name, int rows, int columns, int bits) {
        TensorInfo weight = tensor(file, name + ".weight");
        if (bits == HALF) {
            check(file, weight, TensorType.F16, List.of((long) rows, (long) columns));
            return new Matrix(name, rows, columns, bits, 0, weight, null);
        }
        List<Long> shape = weight.shape();
        long block = shape.size() == 3 ? shape.get(2) * Byte.SIZE / bits : 0;
        if (block < 16 || block > 256 || Long.bitCount(block) != 1) {
            throw damaged(file, weight, "blocks of 16, 32, 64, 128 or 256 weights");
        }
        long blocks = (columns + block - 1) / block;
        check(file, weight, TensorType.U8, List.of((long) rows, blocks, block * bits / Byte.SIZE));
        TensorInfo scales = tensor(file, name + ".scales");
        check(file, scales, TensorType.F32, List.of((long) rows, blocks));
        return new Matrix(name, rows, columns, bits, (int) block, weight, scales);
    }

    /**
     * Finds a vector in a file.
     *
     * @throws ModelException with {@code DAMAGED_BUNDLE} where it is missing or has another shape
     */
    static TensorInfo vector(TensorFile file, String name, int size) {
        TensorInfo vector = tensor(file, name);
        check(file, vector, TensorType.F32, List.of((long) size));
        return vector;
    }

    /** Returns the number of blocks in a row; at 16 bits the number of columns. */
    public long blocks() {
        return bits == HALF ? columns : (columns + block - 1) / block;
    }

    /**
     * Returns some of the rows as a matrix of its own.
     *
     * @param part what it is called
     * @param from first row
     * @param count of the rows
     */
    Matrix rows(String part, int from, int count) {
        return new Matrix(
                part, count, columns, bits, block, slice(weight, part, from, count), slice(scales, part, from, count));
    }

    private TensorInfo slice(TensorInfo tensor, String part, int from, int count) {
        if (tensor == null) {
            return null;
        }
        List<Long> shape = new ArrayList<>(tensor.shape());
        shape.set(0, (long) count);
        long row = tensor.bytes() / rows;
        String kind = tensor.name().substring(name.length());
        return new TensorInfo(part + kind, tensor.type(), shape, tensor.offset() + from * row, count * row);
    }

    private static TensorInfo tensor(TensorFile file, String name) {
        TensorInfo tensor = file.tensors().get(name);
        if (tensor == null) {
            throw new ModelException(
                    Reason.DAMAGED_BUNDLE,
                    file.path() + " has no tensor " + name + ": it has "
                            + file.tensors().keySet() + ". Prepare the bundle again.");
        }
        return tensor;
    }

    private static void check(TensorFile file, TensorInfo tensor, TensorType type, List<Long> shape) {
        if (tensor.type() != type || !tensor.shape().equals(shape)) {
            throw damaged(file, tensor, type + shape.toString());
        }
    }

    private static ModelException damaged(TensorFile file, TensorInfo tensor, String expected) {
        return new ModelException(
                Reason.DAMAGED_BUNDLE,
                file.path() + ": tensor " + tensor.name() + " is " + tensor.type() + tensor.shape() + ", expected "
                        + expected + ". Prepare the bundle again.");
    }
}
