package dev.cleave.model.checkpoint;

import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import dev.cleave.model.json.Json;
import dev.cleave.model.json.JsonObject;
import java.io.EOFException;
import java.io.IOException;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the header of a safetensors file and believes none of it: every length is checked against the file before memory is
 * taken, and the tensors must cover the data exactly, without holes or overlaps.
 *
 * <pre>
 * offset 0   u64, little endian   n, bytes of the header
 * offset 8   n bytes of UTF-8     {"name": {"dtype": "F16", "shape": [rows, columns], "data_offsets": [begin, end]}, …}
 * offset 8+n                      data; begin and end count from here
 * </pre>
 */
public final class SafetensorsHeader {
    /** Greatest header that is read, bytes. Published checkpoints stay below 1 MB for each file. */
    public static final long MAX_HEADER = 32L << 20;

    private static final int MAX_RANK = 8;
    private static final long MAX_DIMENSION = 1L << 40;

    private SafetensorsHeader() {}

    /**
     * Reads and checks a header.
     *
     * @param file safetensors file
     * @return the tensors by name, in the order of their offsets
     * @throws ModelException with {@code NOT_FOUND}, {@code MALFORMED} or, for types of value that are not read, {@code
     *     UNSUPPORTED}; the message names file, field and offset
     */
    public static Map<String, TensorInfo> read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new ModelException(Reason.NOT_FOUND, file + ": no such file");
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            byte[] head = readFully(channel, 0, (int) Math.min(FalseContent.HEAD, size))
                    .array();
            FalseContent.refuse(file, head, size);
            if (size < 8) {
                throw malformed(file, "has " + size + " bytes; 8 are needed for the header's length. Is it cut off?");
            }
            long length = readFully(channel, 0, 8).getLong(0);
            if (length < 2 || length > MAX_HEADER || length > size - 8) {
                throw malformed(
                        file,
                        "header length " + Long.toUnsignedString(length) + " at offset=0 is outside 2.."
                                + Math.min(MAX_HEADER, size - 8) + " (file size " + size + ")"
                                + FalseContent.quoted(head) + ". Is it cut off?");
            }
            byte[] header = readFully(channel, 8, (int) length).array();
            return tensors(file, Json.parseObject(header, file + " (header)"), 8 + length, size);
        } catch (IOException e) {
            throw new ModelException(Reason.MALFORMED, file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static Map<String, TensorInfo> tensors(Path file, JsonObject header, long dataStart, long fileSize) {
        List<TensorInfo> found = new ArrayList<>();
        for (String name : header.fields().keySet()) {
            if (!name.equals("__metadata__")) {
                found.add(tensor(file, name, header.object(name), dataStart, fileSize));
            }
        }
        found.sort(Comparator.comparingLong(TensorInfo::offset).thenComparingLong(TensorInfo::bytes));
        Map<String, TensorInfo> tensors = new LinkedHashMap<>();
        long position = dataStart;
        for (TensorInfo tensor : found) {
            if (tensor.offset() != position) {
                String what = tensor.offset() < position ? "overlaps the tensor before it" : "leaves a hole before it";
                throw malformed(
                        file,
                        "tensor " + tensor.name() + " at offset=" + tensor.offset() + " " + what
                                + ", which ends at offset=" + position);
            }
            position += tensor.bytes();
            tensors.put(tensor.name(), tensor);
        }
        if (position != fileSize) {
            throw malformed(
                    file, "the tensors end at offset=" + position + ", but the file has " + fileSize + " bytes");
        }
        return Collections.unmodifiableMap(tensors);
    }

    private static TensorInfo tensor(Path file, String name, JsonObject entry, long dataStart, long fileSize) {
        TensorType type = type(file, name, entry.string("dtype"));
        List<Long> shape = integers(entry, "shape", MAX_RANK, MAX_DIMENSION);
        List<Long> offsets = integers(entry, "data_offsets", 2, Long.MAX_VALUE);
        if (offsets.size() == 2 && offsets.get(0) <= offsets.get(1) && offsets.get(1) > fileSize - dataStart) {
            throw entry.malformed(
                    "data_offsets",
                    "the tensor ends at offset=" + (dataStart + offsets.get(1)) + ", but the file is cut off at "
                            + fileSize + " bytes. Download it again");
        }
        if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
            throw entry.malformed(
                    "data_offsets",
                    offsets + " is no range within the file's data of " + (fileSize - dataStart) + " bytes at offset="
                            + dataStart);
        }
        long bytes = offsets.get(1) - offsets.get(0);
        if (bytes != sizeOf(type, shape)) {
            throw entry.malformed(
                    "data_offsets",
                    offsets + " spans " + bytes + " bytes, but " + type + shape + " needs "
                            + (sizeOf(type, shape) < 0 ? "more than 2^62" : sizeOf(type, shape)) + ", offset="
                            + (dataStart + offsets.get(0)));
        }
        return new TensorInfo(name, type, shape, dataStart + offsets.get(0), bytes);
    }

    /** Returns the bytes of a tensor, or -1 where they exceed any file. */
    private static long sizeOf(TensorType type, List<Long> shape) {
        if (shape.contains(0L)) {
            return 0;
        }
        long bytes = type.bytes();
        for (long dimension : shape) {
            if (bytes > (1L << 62) / dimension) {
                return -1;
            }
            bytes *= dimension;
        }
        return bytes;
    }

    private static TensorType type(Path file, String name, String dtype) {
        for (TensorType type : TensorType.values()) {
            if (type.name().equals(dtype)) {
                return type;
            }
        }
        throw new ModelException(
                Reason.UNSUPPORTED,
                file + ": tensor " + name + ", field dtype: type " + dtype
                        + " is not read; supported are F32, F16 and BF16"
                        + Quantization.hint(name));
    }

    private static List<Long> integers(JsonObject entry, String name, int maxCount, long max) {
        List<Object> values = entry.list(name);
        if (values.size() > maxCount) {
            throw entry.malformed(name, "at most " + maxCount + " integers are expected, found " + values.size());
        }
        List<Long> integers = new ArrayList<>();
        for (Object value : values) {
            if (!(value instanceof Long) || (long) value < 0 || (long) value > max) {
                throw entry.malformed(name, "integers in 0.." + max + " are expected, found " + value);
            }
            integers.add((Long) value);
        }
        return Collections.unmodifiableList(integers);
    }

    private static ByteBuffer readFully(FileChannel channel, long position, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new EOFException("file ends at offset=" + (position + buffer.position()));
            }
        }
        ((Buffer) buffer).flip();
        return buffer;
    }

    private static ModelException malformed(Path file, String problem) {
        return new ModelException(Reason.MALFORMED, file + ": " + problem);
    }
}
