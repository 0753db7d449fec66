package dev.cleave.engine.onnx;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.bundle.Preparation;
import dev.cleave.model.bundle.PreparationOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Bundles of the checkpoints that the tests run on, each prepared once for all test classes. */
final class TestBundles {
    private static final Map<Path, Bundle> PREPARED = new ConcurrentHashMap<>();

    private TestBundles() {}

    /** Returns the default model at all widths. */
    static Bundle hearth() {
        return prepare(Path.of(System.getProperty("cleave.root"), "models", "hearth-5m"), List.of(2, 4, 8, 16));
    }

    /** Returns stories260K, or skips the test. */
    static Bundle stories() {
        String shared = System.getProperty("cleave.shared", "");
        assumeTrue(!shared.isEmpty(), "stories260K is checked where -Dcleave.shared tells its place");
        return prepare(Path.of(shared, "models", "stories260K"), List.of(4, 8, 16));
    }

    /** Prepares any checkpoint, with or without a tokenizer. */
    static Bundle prepare(Path checkpoint, List<Integer> widths) {
        return PREPARED.computeIfAbsent(checkpoint, source -> {
            try {
                Path target =
                        Files.createTempDirectory(Path.of("target"), "bundle").resolve(source.getFileName());
                target.toFile().deleteOnExit();
                return Preparation.prepare(
                        PreparationOptions.of(source, target, widths).withoutTokenizerRequired());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
