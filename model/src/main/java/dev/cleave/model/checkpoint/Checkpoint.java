package dev.cleave.model.checkpoint;

import dev.cleave.model.Architecture;
import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import dev.cleave.model.json.JsonObject;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * A model as Hugging Face folders hold it, opened and checked: {@code config.json} and one safetensors file, or many with
 * their index. Every tensor that the architecture needs is there, with its shape and a type that is read; there are no
 * others. The weights stay on disk.
 */
public final class Checkpoint implements AutoCloseable {
    private static final long MAX_CONFIG = 4L << 20;

    private final Path folder;
    private final JsonObject config;
    private final Architecture architecture;
    private final Map<String, CheckpointTensor> tensors;
    private final Map<Path, FileChannel> channels;

    private Checkpoint(
            Path folder,
            JsonObject config,
            Architecture architecture,
            Map<String, CheckpointTensor> tensors,
            Map<Path, FileChannel> channels) {
        this.folder = folder;
        this.config = config;
        this.architecture = architecture;
        this.tensors = tensors;
        this.channels = channels;
    }

    /**
     * Opens a folder.
     *
     * @throws ModelException with {@code NOT_FOUND}, {@code NOT_A_CHECKPOINT}, {@code UNSUPPORTED} or {@code MALFORMED}; the
     *     message names file, field and, in safetensors, offset
     */
    public static Checkpoint open(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw Conversion.noFolder(folder);
        }
        if (!Files.exists(folder.resolve("config.json"))) {
            throw Conversion.noConfig(folder);
        }
        JsonObject config = CheckpointJson.object(folder.resolve("config.json"), MAX_CONFIG);
        // The configuration first: of an unsupported model the user should hear that, not something about its tensors.
        new CheckpointConfig(config).read(true);
        Quantization.refuseFiles(folder);
        Map<String, CheckpointTensor> tensors = TensorPrefix.strip(folder, CheckpointFiles.tensors(folder));
        Architecture architecture = new CheckpointConfig(config).read(tensors.containsKey(TensorNames.HEAD));
        tensors = TensorNames.select(config, architecture, tensors);
        Map<Path, FileChannel> channels = new HashMap<>();
        try {
            for (CheckpointTensor tensor : tensors.values()) {
                if (!channels.containsKey(tensor.file())) {
                    channels.put(tensor.file(), FileChannel.open(tensor.file(), StandardOpenOption.READ));
                }
            }
        } catch (IOException e) {
            closeAll(channels);
            throw new ModelException(Reason.NOT_FOUND, folder + ": cannot be read: " + e.getMessage(), e);
        }
        return new Checkpoint(folder, config, architecture, tensors, channels);
    }

    /** Returns the folder. */
    public Path folder() {
        return folder;
    }

    /** Returns the model's shape. */
    public Architecture architecture() {
        return architecture;
    }

    /** Returns {@code config.json}. */
    public JsonObject config() {
        return config;
    }

    /** Returns the tensors that the architecture uses, sorted by name, as {@link TensorNames} calls them. */
    public Set<String> tensorNames() {
        return tensors.keySet();
    }

    /**
     * Returns where a tensor lies.
     *
     * @param name one of {@link #tensorNames()}
     */
    public TensorInfo tensor(String name) {
        return require(name).info();
    }

    /**
     * Returns a file beside the weights.
     *
     * @param name such as {@code tokenizer.json}
     * @return the file, which may be absent
     */
    public Path file(String name) {
        return folder.resolve(name);
    }

    FileChannel channel(String tensor) {
        return channels.get(require(tensor).file());
    }

    /** Returns the file that holds a tensor. */
    public Path path(String tensor) {
        return require(tensor).file();
    }

    private CheckpointTensor require(String name) {
        CheckpointTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("tensor " + name + " is none that the architecture uses");
        }
        return tensor;
    }

    @Override
    public void close() {
        closeAll(channels);
    }

    private static void closeAll(Map<Path, FileChannel> channels) {
        for (FileChannel channel : channels.values()) {
            try {
                channel.close();
            } catch (IOException e) {
                // Opened for reading only: nothing can be lost.
                continue;
            }
        }
    }
}
