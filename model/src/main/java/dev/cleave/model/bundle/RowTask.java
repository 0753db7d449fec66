package dev.cleave.model.bundle;

import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import dev.cleave.model.checkpoint.Checkpoint;
import dev.cleave.model.checkpoint.HalfFloat;
import dev.cleave.model.checkpoint.RowReader;
import dev.cleave.model.quantize.BlockFormat;
import dev.cleave.model.quantize.QuantizedRows;
import dev.cleave.model.quantize.Quantizer;
import dev.cleave.model.quantize.RowBlock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;

/**
 * Prepares some rows of one tensor: reads them from the checkpoint once, and writes them at every width.
 *
 * @param part that holds the tensor
 * @param tensor matrix or vector
 * @param firstRow of these rows
 * @param rows how many
 */
record RowTask(ModelPart part, PartTensor tensor, int firstRow, int rows) {
    /** Weights that one task takes: with their codes less than 2 MB, so that the heap does not grow with the model. */
    private static final int WEIGHTS = 1 << 18;

    /** Returns the tasks of one tensor of a part. */
    static int rowsPerTask(PartTensor tensor) {
        return Math.max(1, Math.min(tensor.rows(), WEIGHTS / tensor.columns()));
    }

    /**
     * Runs the task.
     *
     * @param files to write, by width
     */
    void run(Checkpoint checkpoint, Quantizer quantizer, Map<Integer, SafetensorsFile> files) {
        float[] values = new float[rows * tensor.columns()];
        read(checkpoint, values);
        RowBlock block = new RowBlock(part.label() + "." + tensor.name(), firstRow, rows, tensor.columns(), values);
        files.forEach((width, file) -> {
            try {
                if (!tensor.isMatrix()) {
                    write(file, tensor.name(), floats(values));
                } else if (width == 16) {
                    write(file, tensor.weightName(), halves(values, checkpoint));
                } else {
                    QuantizedRows out = new QuantizedRows(BlockFormat.of(width, tensor.columns()), rows);
                    quantizer.quantize(block, out);
                    write(file, tensor.weightName(), ByteBuffer.wrap(out.codes()));
                    write(file, tensor.scalesName(), floats(out.scales()));
                }
            } catch (IOException e) {
                throw WriteFailure.of(file.path(), file.size(), e);
            }
        });
    }

    /** The rows may lie in several of the checkpoint's tensors: query, key and value, or gate and up. */
    private void read(Checkpoint checkpoint, float[] values) {
        RowReader reader = new RowReader(checkpoint);
        int columns = tensor.columns();
        long from = (long) firstRow * columns;
        long end = from + values.length;
        long sourceStart = 0;
        for (String source : tensor.sources()) {
            long sourceEnd = sourceStart + elements(checkpoint.tensor(source).shape());
            long first = Math.max(from, sourceStart);
            long last = Math.min(end, sourceEnd);
            if (first < last) {
                reader.read(source, first - sourceStart, (int) (last - first), values, (int) (first - from));
            }
            sourceStart = sourceEnd;
        }
    }

    private void write(SafetensorsFile file, String name, ByteBuffer bytes) throws IOException {
        // Every row has the same number of bytes, so the rows before this task's take that many each.
        long rowBytes = bytes.remaining() / rows;
        file.write(name, firstRow * rowBytes, bytes);
    }

    private static ByteBuffer floats(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes;
    }

    private ByteBuffer halves(float[] values, Checkpoint checkpoint) {
        ByteBuffer bytes = ByteBuffer.allocate(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < values.length; i++) {
            short half = HalfFloat.fromFloat(values[i]);
            if ((half & 0x7fff) == 0x7c00) {
                throw new ModelException(
                        Reason.OUT_OF_RANGE,
                        checkpoint.folder() + ": " + part.label() + "." + tensor.name() + " (" + tensor.sources()
                                + ") has the value " + values[i] + " in row " + (firstRow + i / tensor.columns())
                                + ", beyond float16's " + HalfFloat.MAX_VALUE + ". Prepare without 16 bits");
            }
            bytes.putShort(2 * i, half);
        }
        return bytes;
    }

    private static long elements(List<Long> shape) {
        long elements = 1;
        for (long dimension : shape) {
            elements *= dimension;
        }
        return elements;
    }
}
