package dev.cleave.edge.cli;

import dev.cleave.edge.CliException;
import dev.cleave.edge.ExitCode;
import dev.cleave.edge.config.CleaveHome;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.bundle.BundleStore;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds models by name or folder. */
public final class Models {
    private Models() {}

    /**
     * Opens a prepared model.
     *
     * @param model name of a folder in {@code CLEAVE_HOME/models}, or a folder
     * @throws CliException with {@code NO_SUCH_MODEL} that says what there is, or how to prepare it
     */
    public static Bundle open(CleaveHome home, String model) {
        Optional<Path> folder = find(home, model);
        if (folder.isPresent()) {
            return Bundle.open(folder.get());
        }
        Optional<Path> checkpoint = checkpoint(home, model);
        if (checkpoint.isPresent()) {
            throw new CliException(
                    ExitCode.NO_SUCH_MODEL,
                    "the model " + checkpoint.get() + " is not prepared yet: run cleave prepare " + checkpoint.get()
                            + ", then name it " + checkpoint.get().getFileName());
        }
        List<String> names = names(home);
        throw new CliException(
                ExitCode.NO_SUCH_MODEL,
                "there is no model '" + model + "': neither a folder of that name nor a bundle in " + home.models()
                        + ", which holds " + (names.isEmpty() ? "none yet" : String.join(", ", names))
                        + "; make one with cleave prepare CHECKPOINT");
    }

    /** Returns the folder of a bundle. */
    public static Optional<Path> find(CleaveHome home, String model) {
        return Stream.of(named(home, model), path(model))
                .flatMap(Optional::stream)
                .filter(Bundle::isBundle)
                .findFirst();
    }

    /** Returns the folder of a checkpoint: a path, or one of the installation's models. */
    public static Optional<Path> checkpoint(CleaveHome home, String model) {
        Optional<Path> shipped = home.install().flatMap(root -> child(root.resolve("models"), model));
        return Stream.of(path(model), shipped)
                .flatMap(Optional::stream)
                .filter(folder -> Files.isRegularFile(folder.resolve("config.json")))
                .map(folder -> folder.toAbsolutePath().normalize())
                .findFirst();
    }

    /** Returns the names of the bundles that are known by name. */
    public static List<String> names(CleaveHome home) {
        return BundleStore.list(home.models(), BundleStore.Check.SIZES).stream()
                .map(entry -> entry.folder().getFileName().toString())
                .toList();
    }

    private static Optional<Path> named(CleaveHome home, String model) {
        return child(home.models(), model);
    }

    private static Optional<Path> child(Path folder, String name) {
        return name.matches("[^/\\\\]+") && !name.startsWith(".")
                ? Optional.of(folder.resolve(name))
                : Optional.empty();
    }

    private static Optional<Path> path(String text) {
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
