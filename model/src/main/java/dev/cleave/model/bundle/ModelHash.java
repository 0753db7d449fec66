package dev.cleave.model.bundle;

import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import dev.cleave.model.checkpoint.Checkpoint;
import dev.cleave.model.checkpoint.TensorInfo;
import dev.cleave.model.json.JsonWriter;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The hash by which two machines know that they hold the same model: sha256 over configuration (as a tree, so that white
 * space and order do not count), tokenizer.json, and name, type, shape and contents of every tensor in the order of their
 * names. So it depends neither on how the checkpoint is cut into files nor on the widths of a bundle.
 */
final class ModelHash {
    private ModelHash() {}

    static String of(Checkpoint checkpoint) {
        Sha256 hash = new Sha256();
        hash.add("cleave model 1\n");
        byte[] config = JsonWriter.canonical(checkpoint.config().fields());
        hash.add("config.json " + config.length + "\n");
        hash.add(config);
        Path tokenizer = checkpoint.file("tokenizer.json");
        if (Files.exists(tokenizer)) {
            add(hash, "tokenizer.json", tokenizer, 0, tokenizer.toFile().length());
        }
        for (String name : checkpoint.tensorNames()) {
            TensorInfo tensor = checkpoint.tensor(name);
            String what = "tensor " + name + " " + tensor.type() + " " + tensor.shape();
            add(hash, what, checkpoint.path(name), tensor.offset(), tensor.bytes());
        }
        return hash.hex();
    }

    private static void add(Sha256 hash, String what, Path file, long position, long bytes) {
        hash.add(what + " " + bytes + "\n");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            hash.add(channel, position, bytes);
        } catch (IOException e) {
            throw new ModelException(Reason.MALFORMED, file + ": cannot be read: " + e.getMessage(), e);
        }
    }
}
