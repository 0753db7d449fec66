package dev.cleave.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Files that fit on a few screens: what does more than one thing is taken apart. */
class FileSizeTest {
    private static final long MOST_LINES = 400;
    private static final long MOST_MEDIAN_LINES = 90;

    private static final Map<Path, Long> LINES = new TreeMap<>();

    @BeforeAll
    static void countTheLinesOfEveryMainFile() throws IOException {
        Path root = Path.of(System.getProperty("cleave.root"));
        try (Stream<Path> modules = Files.list(root)) {
            for (Path module : modules.sorted().toList()) {
                Path sources = module.resolve("src/main/java");
                if (Files.isDirectory(sources)) {
                    try (Stream<Path> files = Files.walk(sources)) {
                        files.filter(file -> file.toString().endsWith(".java"))
                                .forEach(file -> LINES.put(root.relativize(file), lines(file)));
                    }
                }
            }
        }
        assertThat(LINES).as("main files").hasSizeGreaterThan(500);
    }

    @Test
    void noFileIsLong() {
        assertThat(LINES.entrySet())
                .allSatisfy(file -> assertThat(file.getValue())
                        .as("lines of %s", file.getKey())
                        .isLessThanOrEqualTo(MOST_LINES));
    }

    @Test
    void mostFilesAreShort() {
        long[] sorted =
                LINES.values().stream().mapToLong(Long::longValue).sorted().toArray();

        assertThat(sorted[sorted.length / 2]).as("median of lines").isLessThanOrEqualTo(MOST_MEDIAN_LINES);
    }

    private static long lines(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
