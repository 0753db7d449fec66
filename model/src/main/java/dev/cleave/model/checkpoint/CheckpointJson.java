package dev.cleave.model.checkpoint;

import dev.cleave.model.json.Json;
import dev.cleave.model.json.JsonObject;
import java.nio.file.Path;

/** Reads the JSON files of a checkpoint: as Python does, and with a word on what stands there where it is no JSON. */
public final class CheckpointJson {
    private CheckpointJson() {}

    /**
     * Reads a file that holds one object.
     *
     * @param file to read
     * @param maxBytes greatest size that is read
     * @throws dev.cleave.model.ModelException with {@code NOT_FOUND} where there is no such file, {@code MALFORMED} where it is
     *     larger, cannot be read, is something else or no JSON object; the message names line and column
     */
    public static JsonObject object(Path file, long maxBytes) {
        return Json.parsePublished(bytes(file, maxBytes), file.toString());
    }

    /**
     * Reads a file that is no placeholder for another one.
     *
     * @param file to read
     * @param maxBytes greatest size that is read
     * @throws dev.cleave.model.ModelException as {@link #object}
     */
    public static byte[] bytes(Path file, long maxBytes) {
        byte[] bytes = Json.readBytes(file, maxBytes);
        FalseContent.refuse(file, bytes, bytes.length);
        return bytes;
    }
}
