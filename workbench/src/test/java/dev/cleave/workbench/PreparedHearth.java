package dev.cleave.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * The default model, prepared once for all tests of a build: each gets a copy of its own. A lock keeps the virtual machines
 * that share out the tests from preparing it twice at once.
 */
final class PreparedHearth {
    private static final Path SHARED = Path.of("target", "prepared-hearth");
    private static final Path BUNDLE = Path.of("models", "hearth-5m");

    private PreparedHearth() {}

    /**
     * Puts the model into a folder of the program's own, as {@code prepare} with these options leaves it.
     *
     * @param options of {@code prepare}, besides {@code -q} and the checkpoint
     */
    static void into(Path home, List<String> options) {
        String key = String.join("_", options).replaceAll("[^A-Za-z0-9,]+", "-") + "-" + programsAge();
        try {
            Path shared = Files.createDirectories(SHARED).resolve(key);
            try (FileChannel channel = FileChannel.open(
                            SHARED.resolve(key + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                assertThat(lock.isValid()).isTrue();
                if (!Files.exists(shared.resolve(BUNDLE))) {
                    prepare(shared, options);
                }
            }
            copy(shared.resolve(BUNDLE), home.resolve(BUNDLE));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns when what is on the class path was built last: a program built anew prepares anew. */
    private static long programsAge() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(path -> path.startsWith(Program.ROOT))
                .mapToLong(PreparedHearth::newest)
                .max()
                .orElse(0);
    }

    private static long newest(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.mapToLong(file -> file.toFile().lastModified()).max().orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void prepare(Path shared, List<String> options) {
        Commands commands = new Commands(shared);
        String[] arguments = Stream.of(List.of("prepare", "-q"), options, List.of(Commands.HEARTH.toString()))
                .flatMap(List::stream)
                .toArray(String[]::new);
        assertThat(commands.run(arguments)).as(commands.err()).isZero();
    }

    /** Copies the files of a bundle. */
    static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
