package dev.cleave.model.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes a tree of maps, lists, texts, numbers, booleans and null as UTF-8; NaN and infinity, which JSON does not know, as
 * texts.
 */
public final class JsonWriter {
    private static final JsonFactory FACTORY = new JsonFactory();

    private JsonWriter() {}

    /** Writes for people: one field a line, in the map's order, with a line feed at the end. */
    public static byte[] pretty(Object tree) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        write(tree, out, false, new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n")));
        out.write('\n');
        return out.toByteArray();
    }

    /** Writes without white space, in the map's order. */
    public static byte[] compact(Object tree) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        write(tree, out, false, null);
        return out.toByteArray();
    }

    /** Writes without white space, fields sorted by name: equal trees give equal bytes, so that they can be hashed. */
    public static byte[] canonical(Object tree) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        write(tree, out, true, null);
        return out.toByteArray();
    }

    private static void write(Object tree, ByteArrayOutputStream out, boolean sorted, DefaultPrettyPrinter printer) {
        try (JsonGenerator generator = FACTORY.createGenerator(out)) {
            if (printer != null) {
                generator.setPrettyPrinter(printer);
            }
            value(tree, generator, sorted);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void value(Object value, JsonGenerator generator, boolean sorted) throws IOException {
        if (value instanceof Map) {
            Map<String, Object> map = Json.asMap(value);
            generator.writeStartObject();
            for (Map.Entry<String, Object> field : (sorted ? new TreeMap<>(map) : map).entrySet()) {
                generator.writeFieldName(field.getKey());
                value(field.getValue(), generator, sorted);
            }
            generator.writeEndObject();
        } else if (value instanceof List) {
            generator.writeStartArray();
            for (Object element : (List<?>) value) {
                value(element, generator, sorted);
            }
            generator.writeEndArray();
        } else if (value instanceof String) {
            generator.writeString((String) value);
        } else if (value instanceof Long || value instanceof Integer) {
            generator.writeNumber(((Number) value).longValue());
        } else if (value instanceof BigInteger) {
            generator.writeNumber((BigInteger) value);
        } else if (value instanceof Double) {
            generator.writeNumber((double) value);
        } else if (value instanceof Float) {
            generator.writeNumber((float) value);
        } else if (value instanceof Boolean) {
            generator.writeBoolean((boolean) value);
        } else if (value == null) {
            generator.writeNull();
        } else {
            throw new IllegalArgumentException(
                    "value of type " + value.getClass().getName() + " has no place in JSON");
        }
    }
}
