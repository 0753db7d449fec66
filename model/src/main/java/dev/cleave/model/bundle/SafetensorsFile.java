package dev.cleave.model.bundle;

import dev.cleave.model.json.JsonWriter;
import java.io.IOException;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A safetensors file that is being written: every tensor begins at a multiple of 4096 bytes, so that an engine can map it.
 * The format forbids holes, so the header is padded with spaces, and the space between tensors is a tensor {@code pad.N} of
 * its own. Parts of tensors may be written by several threads at once.
 */
final class SafetensorsFile implements AutoCloseable {
    static final int ALIGNMENT = 4096;

    private final Path path;
    private final FileChannel channel;
    private final Map<String, Long> offsets = new HashMap<>();
    private final long size;

    private SafetensorsFile(Path path, FileChannel channel, List<StoredTensor> tensors) throws IOException {
        this.path = path;
        this.channel = channel;
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("__metadata__", Collections.singletonMap("format", "cleave"));
        Map<Long, Long> pads = new LinkedHashMap<>();
        long end = 0;
        for (StoredTensor tensor : tensors) {
            long begin = aligned(end);
            if (begin > end) {
                entry(header, "pad." + pads.size(), "U8", Collections.singletonList(begin - end), end, begin);
                pads.put(end, begin - end);
            }
            end = begin + tensor.bytes();
            entry(header, tensor.name(), tensor.type().name(), tensor.shape(), begin, end);
            offsets.put(tensor.name(), begin);
        }
        byte[] json = JsonWriter.compact(header);
        int start = (int) aligned(8L + json.length);
        offsets.replaceAll((name, begin) -> start + begin);
        size = start + end;
        writeHeader(json, start);
        for (Map.Entry<Long, Long> pad : pads.entrySet()) {
            write(start + pad.getKey(), ByteBuffer.allocate(pad.getValue().intValue()));
        }
    }

    /** Creates a file with its header and padding; the tensors follow by {@link #write(String, long, ByteBuffer)}. */
    static SafetensorsFile create(Path path, List<StoredTensor> tensors) throws IOException {
        FileChannel channel = FileChannel.open(
                path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            return new SafetensorsFile(path, channel, tensors);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    Path path() {
        return path;
    }

    /** Returns the size that the file has when it is complete. */
    long size() {
        return size;
    }

    /**
     * Writes a part of a tensor.
     *
     * @param tensor name
     * @param position of the first byte, from the beginning of the tensor
     * @param bytes from its position to its limit
     */
    void write(String tensor, long position, ByteBuffer bytes) throws IOException {
        write(offsets.get(tensor) + position, bytes);
    }

    /** Brings everything to the disk. */
    void force() throws IOException {
        channel.force(true);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private void writeHeader(byte[] json, int start) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(start).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.fill(header.array(), (byte) ' ');
        header.putLong(start - 8L).put(json);
        ((Buffer) header).rewind();
        write(0, header);
    }

    private void write(long position, ByteBuffer bytes) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
    }

    private static void entry(
            Map<String, Object> header, String name, String type, List<Long> shape, long begin, long end) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("dtype", type);
        entry.put("shape", shape);
        entry.put("data_offsets", Arrays.asList(begin, end));
        header.put(name, entry);
    }

    private static long aligned(long position) {
        return (position + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
}
