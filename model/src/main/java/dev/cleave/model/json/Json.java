package dev.cleave.model.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
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
 * <p>Two dialects. {@link #parse}, for what Cleave and its users write, refuses a name twice in one object, integers beyond 64
 * bits, NaN and infinity. {@link #parsePublished}, for the files of checkpoints, takes what Python's {@code json} takes, which
 * wrote them: of a name that stands twice the last value counts, integers beyond 64 bits become {@code BigInteger}, and {@code
 * NaN}, {@code Infinity}, {@code -Infinity} and fractions beyond the range of a double become such doubles. They do no harm in
 * a field that nobody reads; {@link JsonObject} refuses them in one that is read, by name. A byte order mark is skipped.
 *
 * <p>Both refuse nesting deeper than {@value #MAX_DEPTH}, numbers of more than {@value #MAX_DIGITS} digits and anything behind
 * the first value. Every error names source, line and column, counted from 1.
 */
public final class Json {
    /** Greatest depth of nesting. */
    public static final int MAX_DEPTH = 64;
    /** Greatest number of digits of a number, which is Python's own limit. */
    public static final int MAX_DIGITS = 4300;
    /** Greatest size of one string, in characters. */
    public static final int MAX_STRING = 16 << 20;
    /** Greatest size of a tokenizer.json or index, in bytes; the largest published ones have about 35 MB. */
    public static final long MAX_BYTES = 128L << 20;

    // Names are neither interned nor kept in a symbol table: a vocabulary has 150,000 of them, each once.
    private static final JsonFactory STRICT =
            builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
    private static final JsonFactory PUBLISHED =
            builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

    private Json() {}

    private static JsonFactoryBuilder builder() {
        return new JsonFactoryBuilder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .maxStringLength(MAX_STRING)
                        .maxNameLength(1 << 20)
                        .maxNumberLength(MAX_DIGITS)
                        .build())
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES);
    }

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
     * @throws ModelException with {@code MALFORMED}, naming source, line and column
     */
    public static JsonObject parseObject(byte[] utf8, String source) {
        return object(parse(utf8, source), source);
    }

    /**
     * Parses one object of a checkpoint's file.
     *
     * @param utf8 text
     * @param source what messages call it
     * @throws ModelException with {@code MALFORMED}, naming source, line and column
     */
    public static JsonObject parsePublished(byte[] utf8, String source) {
        return object(parse(PUBLISHED, utf8, source), source);
    }

    /**
     * Parses one value of any kind.
     *
     * @param utf8 text
     * @param source what messages call it
     * @throws ModelException with {@code MALFORMED}, naming source, line and column
     */
    public static Object parse(byte[] utf8, String source) {
        return parse(STRICT, utf8, source);
    }

    private static JsonObject object(Object value, String source) {
        if (!(value instanceof Map)) {
            throw new ModelException(Reason.MALFORMED, source + ": a JSON object is expected, found " + kind(value));
        }
        return new JsonObject(source, "", asMap(value));
    }

    private static Object parse(JsonFactory factory, byte[] utf8, String source) {
        JsonFault.refuseOtherThanUtf8(source, utf8);
        try (JsonParser parser = factory.createParser(utf8)) {
            if (parser.nextToken() == null) {
                throw new ModelException(Reason.MALFORMED, source + ": is empty, JSON is expected");
            }
            Object value = value(parser, source, factory == PUBLISHED);
            if (parser.nextToken() != null) {
                throw JsonFault.at(source, parser.currentTokenLocation(), "something follows behind the JSON value");
            }
            return value;
        } catch (JsonProcessingException e) {
            throw JsonFault.of(source, e);
        } catch (IOException e) {
            throw new ModelException(Reason.MALFORMED, source + ": not valid JSON: " + e.getMessage(), e);
        }
    }

    private static Object value(JsonParser parser, String source, boolean published) throws IOException {
        switch (parser.currentToken()) {
            case START_OBJECT:
                Map<String, Object> map = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    parser.nextToken();
                    map.put(name, value(parser, source, published));
                }
                return map;
            case START_ARRAY:
                List<Object> list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(parser, source, published));
                }
                return list;
            case VALUE_STRING:
                return parser.getText();
            case VALUE_NUMBER_INT:
                if (parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
                    return parser.getLongValue();
                }
                return outside(parser, source, published, parser.getBigIntegerValue());
            case VALUE_NUMBER_FLOAT:
                double number = parser.getDoubleValue();
                boolean finite = !Double.isInfinite(number) && !Double.isNaN(number);
                return finite ? (Object) number : outside(parser, source, published, number);
            case VALUE_TRUE:
                return Boolean.TRUE;
            case VALUE_FALSE:
                return Boolean.FALSE;
            default:
                return null;
        }
    }

    /** Returns a number that no JSON reader needs to take, where the dialect does. */
    private static Object outside(JsonParser parser, String source, boolean published, Object number)
            throws IOException {
        String text = parser.getText();
        // Jackson knows INF and +Infinity as well, Python does not.
        if (published && !text.contains("INF") && !text.startsWith("+")) {
            return number;
        }
        throw JsonFault.at(source, parser.currentTokenLocation(), "number " + shown(text) + " is out of range");
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
        return shown(value.toString());
    }

    private static String shown(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "…";
    }
}
