package dev.cleave.engine.onnx;

import dev.cleave.engine.onnx.internal.Matrix;
import dev.cleave.model.Mode;

/**
 * The memory that ONNX Runtime takes for a matrix, measured on x86-64 with AVX-512 by the difference in resident memory: it
 * packs the codes with two floats for each block, and the file's scales stay mapped.
 */
final class PackedSize {
    private static final int SCALE_AND_SUM = 2 * Float.BYTES;
    private static final int MAPPED_SCALE = Float.BYTES;

    private PackedSize() {}

    /** Returns what a product with the matrix takes besides: where no kernel takes the codes, all of it as float32. */
    static long scratch(Matrix matrix, Mode mode) {
        boolean kernel = mode == Mode.FAST || matrix.bits() == 4 || matrix.bits() == 16;
        return kernel ? 0 : (long) matrix.rows() * matrix.columns() * Float.BYTES;
    }

    /** Returns what the matrix itself takes. */
    static long of(Matrix matrix, Mode mode) {
        long rows = matrix.rows();
        if (matrix.bits() == 16) {
            return rows * matrix.columns() * Float.BYTES;
        }
        long codes = (long) matrix.block() * matrix.bits() / Byte.SIZE;
        long perBlock = codes + MAPPED_SCALE + (mode == Mode.FAST ? SCALE_AND_SUM : 0);
        return rows * matrix.blocks() * perBlock;
    }
}
