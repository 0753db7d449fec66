package dev.cleave.cloud.worker;

import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.bundle.Preparation;
import dev.cleave.model.bundle.PreparationOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The default model, prepared once for all test classes. */
final class Bundles {
    private static Bundle hearth;

    private Bundles() {}

    static synchronized Bundle hearth() {
        if (hearth == null) {
            try {
                Path target =
                        Files.createTempDirectory(Path.of("target"), "bundle").resolve("hearth-5m");
                hearth = Preparation.prepare(PreparationOptions.of(
                        Path.of(System.getProperty("cleave.root"), "models", "hearth-5m"),
                        target,
                        List.of(2, 4, 8, 16)));
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
        return hearth;
    }
}
