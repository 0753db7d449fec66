package dev.cleave.engine.onnx;

import dev.cleave.engine.onnx.internal.Matrix;
import dev.cleave.model.Mode;
import java.util.List;

/**
 * The memory that ONNX Runtime takes for the matrices of a layer or head, measured on x86-64 with AVX-512 by the difference in
 * resident memory: it packs the codes with two floats for each block, and the file's scales stay mapped.
 *
 * @param packed bytes that it allocates, those of the session included
 * @param mapped bytes of the file that stay mapped
 * @param scratch bytes that a run takes besides its activations
 */
record PackedSize(long packed, long mapped, long scratch) {
    private static final int SCALE_AND_SUM = 2 * Float.BYTES;
    private static final int MAPPED_SCALE = Float.BYTES;

    /** A session's graph and kernels: 0.53 MiB a layer measured with d = 192, 0.82 with d = 2048. */
    private static final int SESSION = 1 << 19;

    private static final int SESSION_PER_COLUMN = 160;

    static PackedSize of(List<Matrix> matrices, Mode mode, int hidden) {
        long packed = SESSION + (long) SESSION_PER_COLUMN * hidden;
        long mapped = 0;
        long scratch = 0;
        for (Matrix matrix : matrices) {
            packed += packed(matrix, mode);
            mapped += mapped(matrix);
            scratch = Math.max(scratch, scratch(matrix, mode));
        }
        return new PackedSize(packed, mapped, scratch);
    }

    /** Returns what the weights take, allocated and mapped. */
    long bytes() {
        return packed + mapped;
    }

    private static long packed(Matrix matrix, Mode mode) {
        if (matrix.bits() == 16) {
            return values(matrix) * Float.BYTES;
        }
        long codes = (long) matrix.block() * matrix.bits() / Byte.SIZE;
        return matrix.rows() * matrix.blocks() * (codes + (mode == Mode.FAST ? SCALE_AND_SUM : 0));
    }

    private static long mapped(Matrix matrix) {
        return matrix.bits() == 16 ? 0 : matrix.rows() * matrix.blocks() * MAPPED_SCALE;
    }

    /** A product where no kernel takes the codes makes all of it float32. */
    private static long scratch(Matrix matrix, Mode mode) {
        boolean kernel = mode == Mode.FAST || matrix.bits() == 4 || matrix.bits() == 16;
        return kernel ? 0 : values(matrix) * Float.BYTES;
    }

    private static long values(Matrix matrix) {
        return (long) matrix.rows() * matrix.columns();
    }
}
