package dev.cleave.model.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads JSON into a tree of {@code Map<String, Object>} (in the file's order), {@code List<Object>}, {@code String}, {@code
 * Long}, {@code Double}, {@code Boolean} and {@code null}.
 *
 * <p>Refused, because an honest model file has none of them: nesting deeper than {@value #MAX_DEPTH}, a name twice in one
 * object, integers beyond 64 bits, anything behind the first value.
 */
public final class Json {
    /** Greatest depth of nesting. */
    public static final int MAX_DEPTH = 64;
    /** Greatest size of one string, in characters. */
    public static final int MAX_STRING = 16 << 20;
    /** Greatest size of a tokenizer.json or index, in bytes; the largest published ones have about 35 MB. */
    public static final long MAX_BYTES = 128L << 20;

    // Names are neither interned nor kept in a symbol table: a vocabulary has 150,000 of them, each once.
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(MAX_STRING)
                    .maxNameLength(1 << 20)
                    .maxNumberLength(400)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();

    private Json() {}

    /**
     * Reads a file that holds one object.
     *
     * @param file to read
     * @param maxBytes greatest size that is read
     * @throws ModelException with {@code NOT_FOUND} where there is no such file, {@code MALFORMED} where it is larger, cannot
     *     be read or is no JSON object
     */
    public static JsonObject readObject(Path file, long maxBytes) {
        return parseObject(readBytes(file, maxBytes), file.toString());
    }

    /**
     * Reads a small file whole.
     *
     * @param file to read
     * @param maxBytes greatest size that is read
     * @throws ModelException with {@code NOT_FOUND} where there is no such file, {@code MALFORMED} where it is larger or cannot
     *     be read
     */
    public static byte[] readBytes(Path file, long maxBytes) {
        if (!Files.isRegularFile(file)) {
            throw new ModelException(Reason.NOT_FOUND, file + ": no such file");
        }
        try {
            long size = Files.size(file);
            if (size > maxBytes) {
                throw new ModelException(
                        Reason.MALFORMED,
                        file + ": has " + size + " bytes, more than the " + maxBytes + " that are read");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new ModelException(Reason.MALFORMED, file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Parses one object.
     *
     * @param utf8 text
     * @param source what messages call it
     * @throws ModelException with {@code MALFORMED}, naming source and offset
     */
    public static JsonObject parseObject(byte[] utf8, String source) {
        Object value = parse(utf8, source);
        if (!(value instanceof Map)) {
            throw new ModelException(Reason.MALFORMED, source + ": a JSON object is expected, found " + kind(value));
        }
        return new JsonObject(source, "", asMap(value));
    }

    /**
     * Parses one value of any kind.
     *
     * @param utf8 text
     * @param source what messages call it
     * @throws ModelException with {@code MALFORMED}, naming source and offset
     */
    public static Object parse(byte[] utf8, String source) {
        try (JsonParser parser = FACTORY.createParser(utf8)) {
            if (parser.nextToken() == null) {
                throw new ModelException(Reason.MALFORMED, source + ": is empty, JSON is expected");
            }
            Object value = value(parser, source);
            if (parser.nextToken() != null) {
                throw new ModelException(
                        Reason.MALFORMED,
                        source + ": something follows behind the JSON value, offset="
                                + parser.currentTokenLocation().getByteOffset());
            }
            return value;
        } catch (JsonProcessingException e) {
            long offset = e.getLocation() == null ? -1 : e.getLocation().getByteOffset();
            throw new ModelException(
                    Reason.MALFORMED, source + ": not valid JSON, offset=" + offset + ": " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new ModelException(Reason.MALFORMED, source + ": not valid JSON: " + e.getMessage(), e);
        }
    }

    private static Object value(JsonParser parser, String source) throws IOException {
        switch (parser.currentToken()) {
            case START_OBJECT:
                Map<String, Object> map = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    parser.nextToken();
                    map.put(name, value(parser, source));
                }
                return map;
            case START_ARRAY:
                List<Object> list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(parser, source));
                }
                return list;
            case VALUE_STRING:
                return parser.getText();
            case VALUE_NUMBER_INT:
                if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
                    throw number(parser, source);
                }
                return parser.getLongValue();
            case VALUE_NUMBER_FLOAT:
                double number = parser.getDoubleValue();
                if (Double.isInfinite(number) || Double.isNaN(number)) {
                    throw number(parser, source);
                }
                return number;
            case VALUE_TRUE:
                return Boolean.TRUE;
            case VALUE_FALSE:
                return Boolean.FALSE;
            default:
                return null;
        }
    }

    private static ModelException number(JsonParser parser, String source) throws IOException {
        return new ModelException(
                Reason.MALFORMED,
                source + ": number " + shown(parser.getText()) + " is out of range, offset="
                        + parser.currentTokenLocation().getByteOffset());
    }

    /** Casts a value that is known to be an object. */
    @SuppressWarnings("unchecked")
    static Map<String, Object> asMap(Object value) {
        return (Map<String, Object>) value;
    }

    /** Returns what a message calls a value. */
    static String kind(Object value) {
        if (value == null) {
            return "null";
        }
        if (value instanceof Map) {
            return "an object";
        }
        if (value instanceof List) {
            return "a list";
        }
        if (value instanceof String) {
            return "\"" + shown((String) value) + "\"";
        }
        return value.toString();
    }

    private static String shown(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "…";
    }
}
