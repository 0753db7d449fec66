package dev.cleave.model.checkpoint;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes safetensors files from text and values, without a line of what reads them. */
public final class TestSafetensors {
    private record Entry(String type, long[] shape, byte[] data) {}

    private final Map<String, Entry> entries = new LinkedHashMap<>();

    /** Adds a tensor; values are cut to the type without rounding. */
    public TestSafetensors add(String name, String type, float[] values, long... shape) {
        ByteBuffer data = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            switch (type) {
                case "F32" -> data.putFloat(value);
                case "BF16" -> data.putShort((short) (Float.floatToRawIntBits(value) >>> 16));
                case "F16" -> data.putShort(exactHalf(value));
                default -> data.put((byte) value);
            }
        }
        entries.put(name, new Entry(type, shape, Arrays.copyOf(data.array(), data.position())));
        return this;
    }

    /** Writes the tensors one after another. */
    public void write(Path file) {
        StringBuilder header = new StringBuilder("{\"__metadata__\":{\"format\":\"pt\"}");
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        entries.forEach((name, entry) -> {
            int begin = data.size();
            data.writeBytes(entry.data());
            String shape = Arrays.stream(entry.shape()).mapToObj(Long::toString).collect(Collectors.joining(","));
            header.append(",\"" + name + "\":{\"dtype\":\"" + entry.type() + "\",\"shape\":[" + shape
                    + "],\"data_offsets\":[" + begin + "," + data.size() + "]}");
        });
        write(file, header.append('}').toString(), data.toByteArray());
    }

    /** Writes whatever header and data. */
    public static void write(Path file, String header, byte[] data) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(json.length).put(json).put(data);
        try {
            Files.write(file, bytes.array());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the half of a value that is one: a normal number or zero. */
    private static short exactHalf(float value) {
        if (value == 0) {
            return 0;
        }
        int exponent = Math.getExponent(value);
        int fraction = (int) ((Math.abs(value) / Math.pow(2, exponent) - 1) * 1024);
        return (short) ((value < 0 ? 0x8000 : 0) | (exponent + 15) << 10 | fraction);
    }
}
