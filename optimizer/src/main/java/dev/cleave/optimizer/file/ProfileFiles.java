package dev.cleave.optimizer.file;

import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import dev.cleave.model.json.Json;
import dev.cleave.model.json.JsonObject;
import dev.cleave.optimizer.ProfileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What the files of all profiles have in common. */
public final class ProfileFiles {
    /** Greatest size of a profile's file, in bytes. */
    public static final int MOST_BYTES = 8 << 20;

    private static final String FORMAT = "format";
    private static final String VERSION = "version";

    private ProfileFiles() {}

    /**
     * Reads a profile's bytes.
     *
     * @throws ModelException with {@code NOT_FOUND} where there is no such file, {@code MALFORMED} where it has more than
     *     {@link #MOST_BYTES} or cannot be read
     */
    public static byte[] read(Path file) {
        return Json.readBytes(file, MOST_BYTES);
    }

    /**
     * Writes a file whole or not at all: to a temporary one beside it, which then takes its place. Folders are made.
     *
     * @throws ModelException with {@code WRITE_FAILED}
     */
    public static void write(Path file, byte[] bytes) {
        Path target = file.toAbsolutePath();
        Path temporary = null;
        try {
            Files.createDirectories(target.getParent());
            temporary = Files.createTempFile(
                    target.getParent(), target.getFileName().toString(), ".tmp");
            Files.write(temporary, bytes);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new ModelException(
                    Reason.WRITE_FAILED, file + ": cannot be written: " + e + ". Name another place, or make room", e);
        } finally {
            delete(temporary);
        }
    }

    private static void delete(Path temporary) {
        if (temporary != null) {
            try {
                Files.deleteIfExists(temporary);
            } catch (IOException e) {
                // A file that is left over does no harm.
            }
        }
    }

    /** Returns the fields of a new file, which begin with its format and version. */
    static Map<String, Object> begin(String format, int version) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put(FORMAT, format);
        fields.put(VERSION, version);
        return fields;
    }

    /**
     * Reads a profile of JSON, after format and version were checked.
     *
     * @throws ModelException with {@code MALFORMED}, naming source and field
     */
    static <T> T parse(byte[] utf8, String source, String format, int version, Function<JsonObject, T> reader) {
        if (utf8.length > MOST_BYTES) {
            throw new ModelException(
                    Reason.MALFORMED,
                    source + ": has " + utf8.length + " bytes, more than the " + MOST_BYTES + " of any profile");
        }
        try {
            return checked(Json.parseObject(utf8, source), format, version, reader);
        } catch (ProfileException e) {
            throw new ModelException(
                    Reason.MALFORMED,
                    source + ": field " + e.getMessage(),
                    new ModelException.Field(e.field(), e.value(), e.expected()),
                    e);
        }
    }

    /**
     * Reads a profile of an object, after format and version were checked.
     *
     * @throws ModelException with {@code MALFORMED}, naming source and field
     * @throws ProfileException naming a field within the profile
     */
    static <T> T checked(JsonObject json, String format, int version, Function<JsonObject, T> reader) {
        String found = json.string(FORMAT);
        if (!found.equals(format)) {
            throw json.unexpected(FORMAT, "\"" + format + "\"");
        }
        long other = json.integer(VERSION, 1, Integer.MAX_VALUE);
        if (other != version) {
            throw json.malformed(
                    VERSION,
                    "this program reads version " + version + ", found " + other + ". Measure again with this program");
        }
        return reader.apply(json);
    }

    /**
     * Reads the objects of a list.
     *
     * @param most elements, at most
     */
    static <T> List<T> list(JsonObject json, String name, int most, Function<JsonObject, T> reader) {
        int size = json.list(name).size();
        if (size > most) {
            throw json.malformed(name, "at most " + most + " elements are expected, found " + size);
        }
        List<T> values = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            JsonObject element = json.element(name, i);
            values.add(within(name + "[" + i + "]", () -> reader.apply(element)));
        }
        return values;
    }

    /** Returns a list of numbers. */
    static List<Double> numbers(JsonObject json, String name, int most) {
        List<Object> values = json.list(name);
        if (values.size() > most) {
            throw json.malformed(name, "at most " + most + " are expected, found " + values.size());
        }
        List<Double> numbers = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            if (!(values.get(i) instanceof Number)) {
                throw json.malformed(name + "[" + i + "]", "a number is expected, found " + values.get(i));
            }
            numbers.add(((Number) values.get(i)).doubleValue());
        }
        return numbers;
    }

    /** What a profile's value says of itself, it says without knowing where it stands. */
    static <T> T within(String whole, Reading<T> reading) {
        try {
            return reading.read();
        } catch (ProfileException e) {
            throw e.within(whole);
        }
    }

    /** Reads a value. */
    interface Reading<T> {
        /** Reads it. */
        T read();
    }
}
