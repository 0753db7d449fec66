package dev.cleave.model.bundle;

import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import dev.cleave.model.checkpoint.TensorInfo;
import java.io.IOException;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.StandardOpenOption;

/**
 * The rows of one tensor of a bundle, mapped, little endian. A tensor larger than a buffer can be is mapped in several
 * windows of whole rows. Safe for many threads.
 */
public final class TensorReader {
    /** Greatest size of one window, bytes. */
    static final long WINDOW = 1L << 30;

    private final TensorInfo tensor;
    private final int rowBytes;
    private final int rowsPerWindow;
    private final ByteBuffer[] windows;

    private TensorReader(TensorInfo tensor, int rowBytes, int rowsPerWindow, ByteBuffer[] windows) {
        this.tensor = tensor;
        this.rowBytes = rowBytes;
        this.rowsPerWindow = rowsPerWindow;
        this.windows = windows;
    }

    /**
     * Maps a tensor.
     *
     * @param file of a bundle, checked
     * @param name of a tensor of the file with at least one dimension
     * @throws ModelException with {@code DAMAGED_BUNDLE} where the file has no such tensor or cannot be mapped
     */
    public static TensorReader map(TensorFile file, String name) {
        return map(file, name, WINDOW);
    }

    static TensorReader map(TensorFile file, String name, long window) {
        TensorInfo tensor = file.tensors().get(name);
        if (tensor == null || tensor.shape().isEmpty() || tensor.bytes() == 0) {
            throw new ModelException(
                    Reason.DAMAGED_BUNDLE,
                    file.path() + ": has no tensor " + name + " with rows; prepare the bundle again");
        }
        long rows = tensor.shape().get(0);
        int rowBytes = Math.toIntExact(tensor.bytes() / rows);
        int rowsPerWindow = (int) Math.max(1, Math.min(rows, window / rowBytes));
        ByteBuffer[] windows = new ByteBuffer[Math.toIntExact((rows + rowsPerWindow - 1) / rowsPerWindow)];
        try (FileChannel channel = FileChannel.open(file.path(), StandardOpenOption.READ)) {
            for (int i = 0; i < windows.length; i++) {
                long from = (long) i * rowsPerWindow * rowBytes;
                long bytes = Math.min((long) rowsPerWindow * rowBytes, tensor.bytes() - from);
                windows[i] = channel.map(MapMode.READ_ONLY, tensor.offset() + from, bytes)
                        .order(ByteOrder.LITTLE_ENDIAN);
            }
        } catch (IOException e) {
            throw new ModelException(Reason.DAMAGED_BUNDLE, file.path() + ": cannot be mapped: " + e.getMessage(), e);
        }
        return new TensorReader(tensor, rowBytes, rowsPerWindow, windows);
    }

    /** Returns the tensor. */
    public TensorInfo tensor() {
        return tensor;
    }

    /** Returns the bytes of one row: of everything behind the first dimension. */
    public int rowBytes() {
        return rowBytes;
    }

    /**
     * Returns the window that holds a row. Read from it by index only: it is shared.
     *
     * @param row 0-based, below the first dimension
     */
    public ByteBuffer window(int row) {
        return windows[row / rowsPerWindow];
    }

    /** Returns the index of a row's first byte within {@link #window(int)}. */
    public int offset(int row) {
        return row % rowsPerWindow * rowBytes;
    }

    /** Returns one row as a buffer of its own: position 0, limit {@link #rowBytes()}, little endian. */
    public ByteBuffer row(int row) {
        ByteBuffer view = window(row).duplicate();
        ((Buffer) view).limit(offset(row) + rowBytes);
        ((Buffer) view).position(offset(row));
        return view.slice().order(ByteOrder.LITTLE_ENDIAN);
    }
}
