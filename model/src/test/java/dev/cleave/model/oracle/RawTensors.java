package dev.cleave.model.oracle;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A safetensors file, read whole: eight bytes of header size, a JSON header, the data. */
final class RawTensors {
    private record Entry(String type, List<Long> shape, long begin, long end) {}

    private final Map<String, Entry> entries = new HashMap<>();
    private final ByteBuffer data;

    RawTensors(Path path) throws IOException {
        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
        int headerSize = Math.toIntExact(file.getLong());
        byte[] header = new byte[headerSize];
        file.get(header);
        data = file.slice().order(ByteOrder.LITTLE_ENDIAN);
        try (JsonParser json = new JsonFactory().createParser(new String(header, StandardCharsets.UTF_8))) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                if (name.equals("__metadata__")) {
                    json.skipChildren();
                } else {
                    entries.put(name, entry(json));
                }
            }
        }
    }

    private static Entry entry(JsonParser json) throws IOException {
        String type = "";
        List<Long> shape = List.of();
        List<Long> offsets = List.of();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "dtype" -> type = json.getText();
                case "shape" -> shape = longs(json);
                default -> offsets = longs(json);
            }
        }
        return new Entry(type, shape, offsets.get(0), offsets.get(1));
    }

    private static List<Long> longs(JsonParser json) throws IOException {
        List<Long> values = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            values.add(json.getLongValue());
        }
        return values;
    }

    boolean has(String name) {
        return entries.containsKey(name);
    }

    List<Long> shape(String name) {
        return entry(name).shape();
    }

    /** Returns a tensor's bytes, little endian. */
    ByteBuffer bytes(String name) {
        Entry entry = entry(name);
        int size = Math.toIntExact(entry.end() - entry.begin());
        return data.slice(Math.toIntExact(entry.begin()), size).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Returns a float32 tensor's values. */
    float[] floats(String name) {
        if (!entry(name).type().equals("F32")) {
            throw new IllegalArgumentException(name + " is " + entry(name).type() + ", not F32");
        }
        ByteBuffer bytes = bytes(name);
        float[] values = new float[bytes.remaining() / Float.BYTES];
        bytes.asFloatBuffer().get(values);
        return values;
    }

    private Entry entry(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw new IllegalArgumentException("No tensor " + name + " among " + entries.keySet());
        }
        return entry;
    }
}
