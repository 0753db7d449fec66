package dev.cleave.model.json;

import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Field;
import dev.cleave.model.ModelException.Reason;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * An object of a JSON tree that knows where it stands, so that every error names the file and the field. A field that is
 * {@code null} counts as absent. All methods throw {@link ModelException} with {@code MALFORMED} where a field is absent
 * (without a fallback), of another kind, or out of range.
 */
public final class JsonObject {
    private final String source;
    private final String path;
    private final Map<String, Object> fields;

    JsonObject(String source, String path, Map<String, Object> fields) {
        this.source = source;
        this.path = path;
        this.fields = fields;
    }

    /** Returns what messages call the file. */
    public String source() {
        return source;
    }

    /** Returns the fields as they stand, in the file's order. */
    public Map<String, Object> fields() {
        return Collections.unmodifiableMap(fields);
    }

    /** Returns whether the field is there and not null. */
    public boolean has(String name) {
        return fields.get(name) != null;
    }

    /** Returns a text. */
    public String string(String name) {
        return required(name, String.class, "a text");
    }

    /** Returns a text, or the fallback where the field is absent. */
    public String string(String name, String fallback) {
        return has(name) ? string(name) : fallback;
    }

    /** Returns an integer in min..max. */
    public long integer(String name, long min, long max) {
        String expected = "an integer in " + min + ".." + max;
        long value = required(name, Long.class, expected);
        if (value < min || value > max) {
            throw unexpected(name, expected);
        }
        return value;
    }

    /** Returns an integer in min..max, or the fallback where the field is absent. */
    public long integer(String name, long min, long max, long fallback) {
        return has(name) ? integer(name, min, max) : fallback;
    }

    /** Returns an integer of 32 bits in min..max. */
    public int int32(String name, int min, int max) {
        return (int) integer(name, min, max);
    }

    /** Returns an integer of 32 bits in min..max, or the fallback where the field is absent. */
    public int int32(String name, int min, int max, int fallback) {
        return (int) integer(name, min, max, fallback);
    }

    /** Returns a number, written as integer or fraction, in min..max. */
    public double number(String name, double min, double max) {
        String expected = "a number in " + min + ".." + max;
        double value = required(name, Number.class, expected).doubleValue();
        if (!(value >= min && value <= max)) {
            throw unexpected(name, expected);
        }
        return value;
    }

    /** Returns a number in min..max, or the fallback where the field is absent. */
    public double number(String name, double min, double max, double fallback) {
        return has(name) ? number(name, min, max) : fallback;
    }

    /** Returns true or false. */
    public boolean bool(String name) {
        return required(name, Boolean.class, "true or false");
    }

    /** Returns true or false, or the fallback where the field is absent. */
    public boolean bool(String name, boolean fallback) {
        return has(name) ? bool(name) : fallback;
    }

    /** Returns an object within. */
    public JsonObject object(String name) {
        return new JsonObject(source, where(name), Json.asMap(required(name, Map.class, "an object")));
    }

    /** Returns a list; its elements are of any kind. */
    @SuppressWarnings("unchecked")
    public List<Object> list(String name) {
        return Collections.unmodifiableList((List<Object>) required(name, List.class, "a list"));
    }

    /**
     * Returns an object of a list within.
     *
     * @param name field that holds the list
     * @param index of the object
     */
    public JsonObject element(String name, int index) {
        Object value = list(name).get(index);
        if (!(value instanceof Map)) {
            throw new ModelException(
                    Reason.MALFORMED,
                    source + ": field " + where(name) + "[" + index + "]: an object is expected, found "
                            + Json.kind(value),
                    new Field(where(name) + "[" + index + "]", Json.kind(value), "an object"),
                    null);
        }
        return new JsonObject(source, where(name) + "[" + index + "]", Json.asMap(value));
    }

    /** Returns an error that names file and field. */
    public ModelException malformed(String name, String problem) {
        return new ModelException(
                Reason.MALFORMED,
                source + ": field " + where(name) + ": " + problem,
                new Field(where(name), "", problem),
                null);
    }

    /** Returns an error that names file, field, value and what was expected. */
    public ModelException unexpected(String name, String expected) {
        Object value = fields.get(name);
        String found = value == null ? "absent" : Json.kind(value);
        return new ModelException(
                Reason.MALFORMED,
                source + ": field " + where(name) + ": " + expected + " is expected, "
                        + (value == null ? "but the field is absent" : "found " + found),
                new Field(where(name), found, expected),
                null);
    }

    /**
     * Refuses what nobody would read.
     *
     * @param known names of all fields that may be there
     * @throws ModelException naming the first field that may not
     */
    public void only(Collection<String> known) {
        for (String name : fields.keySet()) {
            if (!known.contains(name)) {
                String shown = name.length() <= 60 ? name : name.substring(0, 60) + "…";
                throw new ModelException(
                        Reason.MALFORMED,
                        source + ": field " + where(shown) + ": is not known, expected one of "
                                + String.join(", ", known),
                        new Field(where(shown), "an unknown field", "one of " + String.join(", ", known)),
                        null);
            }
        }
    }

    private <T> T required(String name, Class<T> type, String expected) {
        Object value = fields.get(name);
        if (!type.isInstance(value)) {
            throw unexpected(name, expected);
        }
        return type.cast(value);
    }

    private String where(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
