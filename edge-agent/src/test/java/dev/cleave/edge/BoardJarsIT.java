package dev.cleave.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cleave.model.bundle.Preparation;
import dev.cleave.model.bundle.PreparationOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is copied to a board: small, its own platform's, and enough to answer. */
class BoardJarsIT {
    private static final Path ROOT = Path.of(System.getProperty("cleave.root"));
    private static final Path BOARDS = ROOT.resolve("edge-agent/target/boards");
    private static final long MOST_BYTES = 15_000_000;
    private static final String NATIVES = "ai/onnxruntime/native/";

    @ParameterizedTest
    @CsvSource({"linux-aarch64, linux-aarch64", "linux-x86_64, linux-x64"})
    void theJarsOfOnePlatformAreSmall(String platform, String natives) throws IOException {
        List<Path> jars = jars(platform);
        long bytes = jars.stream().mapToLong(BoardJarsIT::size).sum();

        assertThat(bytes).as("bytes of %s", jars).isLessThanOrEqualTo(MOST_BYTES);
        Path runtime = jars.stream()
                .filter(jar -> jar.getFileName().toString().startsWith("onnxruntime-"))
                .findAny()
                .orElseThrow();
        try (JarFile jar = new JarFile(runtime.toFile())) {
            assertThat(jar.stream().filter(entry -> !entry.isDirectory()).map(JarEntry::getName))
                    .contains(NATIVES + natives + "/libonnxruntime.so", NATIVES + natives + "/libonnxruntime4j_jni.so")
                    .filteredOn(name -> name.startsWith(NATIVES))
                    .allMatch(name -> name.startsWith(NATIVES + natives + "/"));
        }
    }

    @ParameterizedTest
    @CsvSource({"linux-aarch64", "linux-x86_64"})
    void aBoardHasNoJinjaNoPlotsAndNoEvaluation(String platform) throws IOException {
        assertThat(jars(platform).stream().map(jar -> jar.getFileName().toString()))
                .noneMatch(name -> name.matches("(cleave-(chat|quality|workbench)|jinjava|xchart|ejml|guava).*"));
    }

    @Test
    void theyAnswer(@TempDir Path home) throws Exception {
        String machine = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        assumeTrue(machine.matches("Linux (amd64|aarch64)"), "this machine is " + machine);
        Path bundle = home.resolve("models/hearth-5m");
        Preparation.prepare(PreparationOptions.of(ROOT.resolve("models/hearth-5m"), bundle, List.of(8)));
        Path board = BOARDS.resolve(machine.endsWith("amd64") ? "linux-x86_64" : "linux-aarch64");
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-jar",
                        board.resolve("cleave-edge-agent.jar").toString(),
                        "run",
                        "--raw",
                        "--split=12",
                        "--front-bits=8",
                        "--max-tokens=4",
                        "Turn on the light")
                .redirectError(home.resolve("err").toFile())
                .redirectOutput(home.resolve("out").toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("CLEAVE_"));
        builder.environment().put("CLEAVE_HOME", home.toString());
        Process process = builder.start();

        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(read(home.resolve("err"))).isZero();
        assertThat(read(home.resolve("out"))).isNotBlank();
        assertThat(read(home.resolve("err"))).contains("4 tokens");
    }

    private static List<Path> jars(String platform) throws IOException {
        try (Stream<Path> files = Files.walk(BOARDS.resolve(platform))) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8);
    }
}
