package dev.cleave.model.checkpoint;

import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import dev.cleave.model.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Finds the tensors of a folder: in {@code model.safetensors}, or in the files that the index names. */
final class CheckpointFiles {
    private static final String SINGLE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";

    private static final long MAX_INDEX = 32L << 20;

    private CheckpointFiles() {}

    static Map<String, CheckpointTensor> tensors(Path folder) {
        Path single = folder.resolve(SINGLE);
        if (Files.isRegularFile(single)) {
            Map<String, CheckpointTensor> tensors = new LinkedHashMap<>();
            add(single, tensors);
            return tensors;
        }
        Path index = folder.resolve(INDEX);
        if (!Files.isRegularFile(index)) {
            throw Conversion.noWeights(folder, SINGLE + " nor " + INDEX);
        }
        return indexed(folder, CheckpointJson.object(index, MAX_INDEX).object("weight_map"));
    }

    private static Map<String, CheckpointTensor> indexed(Path folder, JsonObject map) {
        TreeSet<String> names = new TreeSet<>();
        for (String tensor : map.fields().keySet()) {
            String name = map.string(tensor);
            if (!name.endsWith(".safetensors") || name.contains("/") || name.contains("\\") || name.startsWith("..")) {
                throw map.malformed(tensor, "\"" + name + "\" is no name of a safetensors file in the same folder");
            }
            names.add(name);
        }
        List<String> missing = new ArrayList<>(names);
        missing.removeIf(name -> Files.isRegularFile(folder.resolve(name)));
        if (!missing.isEmpty()) {
            throw new ModelException(
                    Reason.MALFORMED,
                    folder + ": of the " + names.size() + " files that " + INDEX + " names, " + missing.size()
                            + " are missing: " + String.join(", ", missing) + ". Is the download complete?");
        }
        Map<String, CheckpointTensor> tensors = new LinkedHashMap<>();
        for (String name : names) {
            add(folder.resolve(name), tensors);
        }
        for (String tensor : map.fields().keySet()) {
            CheckpointTensor found = tensors.get(tensor);
            if (found == null || !found.file().equals(folder.resolve(map.string(tensor)))) {
                throw map.malformed(tensor, "the file " + map.string(tensor) + " has no such tensor");
            }
        }
        return Collections.unmodifiableMap(tensors);
    }

    private static void add(Path file, Map<String, CheckpointTensor> tensors) {
        for (TensorInfo info : SafetensorsHeader.read(file).values()) {
            CheckpointTensor other = tensors.put(info.name(), new CheckpointTensor(file, info));
            if (other != null) {
                throw new ModelException(
                        Reason.MALFORMED, file + ": tensor " + info.name() + " is also in " + other.file());
            }
        }
    }
}
