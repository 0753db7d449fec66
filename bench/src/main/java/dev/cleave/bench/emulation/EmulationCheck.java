package dev.cleave.bench.emulation;

import dev.cleave.bench.Machine;
import dev.cleave.model.EngineOptions;
import dev.cleave.model.EngineProvider;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.bundle.Preparation;
import dev.cleave.model.bundle.PreparationOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Writes the table of how true the emulated links and devices are: what was asked of them beside what was measured.
 *
 * <p>Arguments: the file to write; the default model's folder, {@code models/hearth-5m} without.
 */
public final class EmulationCheck {
    private EmulationCheck() {}

    /** Measures and writes. */
    public static void main(String[] args) throws Exception {
        if (args.length < 1 || args.length > 2) {
            System.err.println(
                    "emulation.EmulationCheck: takes the file to write, and the model's folder where it is not"
                            + " models/hearth-5m");
            System.exit(2);
        }
        Path file = Path.of(args[0]).toAbsolutePath();
        Path model = Path.of(args.length > 1 ? args[1] : "models/hearth-5m");
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT, """
                # How true the emulation is

                Links and devices of these tables are emulated: a proxy on loopback holds bytes back, a segment waits after it has
                computed. What is asked of either is compared with what a program behind it sees. Other work ran beside it: load
                average %.1f at the start.

                """, ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage()));
        LinkCheck.append(text);
        Path folder = Files.createTempDirectory("emulation");
        try {
            Bundle bundle = Preparation.prepare(PreparationOptions.of(model, folder.resolve("bundle"), List.of(4)));
            DeviceCheck.append(text, bundle, EngineProvider.find().create(EngineOptions.DEFAULT.withThreads(1)));
        } finally {
            delete(folder);
        }
        text.append(Machine.line("bench/run emulation.EmulationCheck docs/results/emulation.md"))
                .append('\n');
        Path draft = Files.createTempFile(file.getParent(), "emulation", ".md");
        Files.writeString(draft, text);
        Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
        System.exit(0);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            paths.sorted(Comparator.reverseOrder()).forEach(path -> {
                try {
                    Files.delete(path);
                } catch (IOException left) {
                    throw new UncheckedIOException(left);
                }
            });
        }
    }
}
