package dev.cleave.model.checkpoint;

import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Says of a folder that lacks a checkpoint's files what it holds instead, and what to do about that. */
final class Conversion {
    /** How weights become safetensors. */
    static final String HOW =
            "in Python, AutoModelForCausalLM.from_pretrained(FOLDER).save_pretrained(NEW_FOLDER) writes"
                    + " safetensors";

    private static final int MOST_NAMES = 8;

    private Conversion() {}

    /** Returns what to say of something that is no folder. */
    static ModelException noFolder(Path folder) {
        if (Files.isRegularFile(folder)) {
            boolean gguf = folder.toString().endsWith(".gguf");
            return new ModelException(
                    Reason.NOT_A_CHECKPOINT,
                    folder + ": is a file" + (gguf ? " in GGUF format, which is not read" : "")
                            + ". Name a Hugging Face folder, with config.json and safetensors");
        }
        return new ModelException(
                Reason.NOT_FOUND,
                folder + ": no such folder. A checkpoint is a Hugging Face folder with config.json and safetensors");
    }

    /** Returns what to say of a folder without config.json. */
    static ModelException noConfig(Path folder) {
        List<String> names = names(folder);
        List<Path> inner = inner(folder);
        String told;
        if (!inner.isEmpty()) {
            told = ". Name the folder within: "
                    + inner.stream().map(Path::toString).collect(Collectors.joining(" or "));
        } else if (has(names, "adapter_config.json")) {
            told = "; it holds a PEFT adapter, not a model. Merge the adapter into its base model"
                    + " (merge_and_unload, then save_pretrained) and name that folder";
        } else if (ends(names, ".gguf")) {
            told = "; it holds GGUF files, which are not read. Name the model's Hugging Face folder";
        } else if (has(names, "params.json")) {
            told =
                    "; it holds a model in its author's own layout (params.json). Take the Hugging Face conversion of it";
        } else {
            told = found(names) + ". Name a Hugging Face folder";
        }
        return new ModelException(Reason.NOT_A_CHECKPOINT, folder + ": is no checkpoint: it has no config.json" + told);
    }

    /** Returns what to say of a folder without safetensors of the usual names. */
    static ModelException noWeights(Path folder, String expected) {
        List<String> names = names(folder);
        String told;
        if (ends(names, ".bin") || ends(names, ".pth") || ends(names, ".pt")) {
            told = "; its weights are a pickle of PyTorch ("
                    + shown(names.stream()
                            .filter(name -> name.endsWith(".bin") || name.endsWith(".pth") || name.endsWith(".pt"))
                            .collect(Collectors.toList()))
                    + "), which may run code when it is read and is not read. Convert it: " + HOW;
        } else if (has(names, "adapter_model.safetensors")) {
            told = "; it holds a PEFT adapter (adapter_model.safetensors), not a model. Merge the adapter into its base"
                    + " model (merge_and_unload, then save_pretrained)";
        } else if (ends(names, ".gguf")) {
            told = "; it holds GGUF files, which are not read. Take the safetensors of the model";
        } else if (ends(names, ".safetensors")) {
            told = "; it has safetensors of other names ("
                    + shown(names.stream()
                            .filter(name -> name.endsWith(".safetensors"))
                            .collect(Collectors.toList()))
                    + "). Fetch the missing index, or rename the one file of weights";
        } else if (ends(names, ".h5") || ends(names, ".msgpack") || ends(names, ".onnx")) {
            told = "; its weights are of another framework" + found(names) + ". Convert them: " + HOW;
        } else {
            told = found(names) + ". Weights in other formats must be converted to safetensors first";
        }
        return new ModelException(
                Reason.NOT_A_CHECKPOINT, folder + ": is no checkpoint: it has neither " + expected + told);
    }

    private static String found(List<String> names) {
        return names.isEmpty() ? "; it is empty" : "; it holds " + shown(names);
    }

    private static String shown(List<String> names) {
        String first = names.stream().limit(MOST_NAMES).collect(Collectors.joining(", "));
        return names.size() <= MOST_NAMES ? first : first + ", and " + (names.size() - MOST_NAMES) + " more";
    }

    private static boolean has(List<String> names, String name) {
        return names.contains(name);
    }

    private static boolean ends(List<String> names, String end) {
        return names.stream().anyMatch(name -> name.endsWith(end));
    }

    /** The checkpoint may lie one folder down, or in a download cache's snapshots. */
    private static List<Path> inner(Path folder) {
        List<Path> found = new ArrayList<>();
        for (Path parent : new Path[] {folder, folder.resolve("snapshots")}) {
            for (String name : names(parent)) {
                if (Files.isRegularFile(parent.resolve(name).resolve("config.json")) && found.size() < 3) {
                    found.add(parent.resolve(name));
                }
            }
        }
        return found;
    }

    private static List<String> names(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().collect(Collectors.toList());
        } catch (IOException e) {
            return Collections.emptyList();
        }
    }
}
