package dev.cleave.quality.evaluation;

import dev.cleave.model.ModelException;
import dev.cleave.model.json.Json;
import dev.cleave.model.json.JsonObject;
import dev.cleave.model.json.JsonWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The parts of an evaluation that are done, in a file that grows by a line with each of them, so that an evaluation that was
 * ended goes on where it stood. The first line holds the settings that make results comparable.
 */
public final class EvaluationCheckpoint implements AutoCloseable {
    private static final String FORMAT = "cleaveEvaluation";
    private static final long VERSION = 1;
    private static final int MAX_BYTES = 1 << 30;

    private final Path file;
    private final FileChannel channel;
    private final Map<String, JsonObject> units = new HashMap<>();

    private EvaluationCheckpoint(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** Returns work of which nothing is done and nothing is kept. */
    public static EvaluationCheckpoint none() {
        return new EvaluationCheckpoint(null, null);
    }

    /**
     * Opens a file, or makes it. A last line without an end, which a program that was killed leaves behind, is cut off.
     *
     * @param settings name and value of everything that a result depends on; texts and whole numbers, true and false
     * @throws EvaluationException where the file is of other settings, naming the first that differs, is no file of
     *     an evaluation, or is in use
     * @throws ModelException with {@code MALFORMED} for a line within that cannot be read, naming it
     */
    public static EvaluationCheckpoint open(Path file, Map<String, Object> settings) {
        FileChannel channel = null;
        try {
            channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            EvaluationCheckpoint work = new EvaluationCheckpoint(file, channel);
            work.lock();
            work.load(settings);
            return work;
        } catch (IOException e) {
            close(channel);
            throw new ModelException(ModelException.Reason.WRITE_FAILED, file + " cannot be read and written: " + e);
        } catch (RuntimeException e) {
            close(channel);
            throw e;
        }
    }

    private void lock() throws IOException {
        boolean free;
        try {
            free = channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            free = false;
        }
        if (!free) {
            throw new EvaluationException(
                    file + " is in use by another evaluation: wait for its end or name another file");
        }
    }

    private void load(Map<String, Object> settings) throws IOException {
        if (channel.size() > MAX_BYTES) {
            throw foreign();
        }
        ByteBuffer bytes = ByteBuffer.allocate((int) channel.size());
        while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) >= 0) {
            continue;
        }
        byte[] content = bytes.array();
        byte[] header = line(Map.of(FORMAT, VERSION, "settings", settings));
        int end = end(content, 0);
        if (end < 0) {
            if (!Arrays.equals(content, Arrays.copyOf(header, content.length))) {
                throw foreign();
            }
            channel.truncate(0);
            append(header);
            return;
        }
        check(Arrays.copyOf(content, end), settings);
        int number = 1;
        int from = end + 1;
        for (int to = end(content, from); to >= 0; to = end(content, from)) {
            String source = file + ", line " + ++number;
            JsonObject unit = Json.parseObject(Arrays.copyOfRange(content, from, to), source);
            units.put(unit.string("unit"), unit);
            from = to + 1;
        }
        channel.truncate(from);
        channel.position(from);
    }

    private void check(byte[] header, Map<String, Object> settings) {
        JsonObject found;
        try {
            JsonObject root = Json.parseObject(header, file + ", line 1");
            root.integer(FORMAT, VERSION, VERSION);
            found = root.object("settings");
        } catch (ModelException e) {
            throw foreign();
        }
        Map<String, Object> all = new LinkedHashMap<>(settings);
        found.fields().forEach(all::putIfAbsent);
        for (String name : all.keySet()) {
            String there = Objects.toString(found.fields().get(name), "absent");
            String here = Objects.toString(settings.get(name), "absent");
            if (!there.equals(here)) {
                throw new EvaluationException(file + " is of another evaluation: its " + name + " is " + there
                        + ", not " + here + "; name another file, or evaluate as before");
            }
        }
    }

    private EvaluationException foreign() {
        return new EvaluationException(
                file + " is no file of an evaluation that could go on; name one that does not exist yet");
    }

    /** Returns what was kept of a unit. */
    Optional<JsonObject> find(String unit) {
        return Optional.ofNullable(units.get(unit));
    }

    /** Keeps a unit that is done: one field of any kind. */
    void add(String unit, String name, Object value) {
        if (channel == null) {
            return;
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("unit", unit);
        fields.put(name, value);
        try {
            append(line(fields));
        } catch (IOException e) {
            throw new ModelException(ModelException.Reason.WRITE_FAILED, file + " cannot be written: " + e);
        }
    }

    /** Returns how many branches a unit has, which are to be so many. */
    static int branches(JsonObject unit, int expected) {
        int found = unit.list("branches").size();
        if (found != expected) {
            throw unit.malformed("branches", expected + " are expected, found " + found);
        }
        return found;
    }

    /** Returns a number as it is kept: one that JSON has no sign for as a text. */
    static Object written(double value) {
        return Double.isNaN(value) || Double.isInfinite(value) ? Double.toString(value) : (Object) value;
    }

    /** Reads what {@link #written(double)} gave. */
    static double read(JsonObject fields, String name) {
        return read(fields, name, fields.fields().get(name));
    }

    /** As {@link #read(JsonObject, String)}, for an element of a list. */
    static double read(JsonObject fields, String name, Object value) {
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        return switch (String.valueOf(value)) {
            case "NaN" -> Double.NaN;
            case "Infinity" -> Double.POSITIVE_INFINITY;
            case "-Infinity" -> Double.NEGATIVE_INFINITY;
            default -> throw fields.malformed(name, "a number is expected, found " + value);
        };
    }

    private static byte[] line(Map<String, Object> fields) {
        return (new String(JsonWriter.canonical(fields), StandardCharsets.UTF_8) + "\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static int end(byte[] content, int from) {
        for (int i = from; i < content.length; i++) {
            if (content[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private void append(byte[] line) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(line);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    @Override
    public void close() {
        close(channel);
    }

    private static void close(FileChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                // Every line is written already.
            }
        }
    }
}
