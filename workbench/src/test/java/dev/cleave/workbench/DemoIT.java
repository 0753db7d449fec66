package dev.cleave.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleave.edge.ExitCode;
import dev.cleave.model.json.Json;
import dev.cleave.model.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The demonstration as users run it: two processes, real weights, a real broker. */
@Timeout(300)
class DemoIT {
    /** Holds the prepared model of all tests but those that prepare it themselves. */
    @TempDir
    static Path home;

    @BeforeAll
    static void prepare() {
        Commands.prepareHearth(home, "--bits=4,8,16");
    }

    @AfterEach
    void nothingIsLeftBehind() throws IOException {
        Program.until(() -> Program.naming(home).isEmpty(), () -> false);
        try (Stream<Path> files = Files.exists(home.resolve("run")) ? Files.list(home.resolve("run")) : Stream.of()) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void answersWithOneJsonObject() {
        try (Program program = Program.start(home, "demo", "--json", Program.PROMPT)) {
            assertThat(program.await()).as(program.err()).isZero();

            JsonObject report = object(program.out());
            assertThat(report.string("text")).isEqualTo(Program.ANSWER);
            assertThat(report.string("finishReason")).isEqualTo("stop");
            assertThat(report.integer("split", 0, 99)).isEqualTo(6);
            assertThat(report.integer("frontBits", 0, 99)).isEqualTo(4);
            assertThat(report.integer("backBits", 0, 99)).isEqualTo(8);
            assertThat(report.string("link")).isEqualTo("int8");
            assertThat(report.string("mode")).isEqualTo("fast");
            // One step for the prompt yields the first token.
            assertThat(report.integer("steps", 0, 999))
                    .isEqualTo(report.list("tokenIds").size());
            long bytesUp = report.integer("bytesUp", 1, 1 << 20);
            long values = 192 * (report.integer("promptTokens", 1, 256) + report.integer("steps", 1, 256) - 1);
            assertThat(report.number("bitsPerValue", 8, 9)).isEqualTo(8.0 * bytesUp / values);
            assertThat(report.object("bytesSocket").integer("up", 1, 1 << 20)).isGreaterThan(bytesUp);
            assertThat(report.object("bytesSocket").integer("down", 1, 1 << 20)).isPositive();
        }
    }

    @Test
    void measuresEachPartOfAStepsTimeAndTheDevicesMemory() {
        try (Program program = Program.start(home, "demo", "--json", "--quiet", Program.PROMPT)) {
            assertThat(program.await()).as(program.err()).isZero();

            JsonObject report = object(program.out());
            JsonObject millis = report.object("msPerToken");
            double parts = 0;
            for (String part : List.of("edge", "encode", "link", "cloud")) {
                double value = millis.number(part, 0, 1e6);
                assertThat(value).as(part).isPositive();
                parts += value;
            }
            assertThat(millis.number("total", 0, 1e6)).isGreaterThan(parts);
            JsonObject memory = report.object("memory");
            long model = memory.integer("model", 1, 1L << 40);
            assertThat(memory.integer("predicted", 1, 1L << 40)).isGreaterThan(model);
            assertThat(memory.integer("peakRss", 1, 1L << 40)).isGreaterThan(model);
            assertThat(program.err()).isEmpty();
        }
    }

    @Test
    void showsTheAnswerAndTheReport() {
        try (Program program = Program.start(home, "demo", Program.PROMPT)) {
            assertThat(program.await()).as(program.err()).isZero();

            assertThat(program.out())
                    .startsWith(Program.ANSWER + "\n\n")
                    .contains("6 here at 4 bits, 6 in the cloud at 8 bits", "bytes a token", "ms a token", "memory");
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 8, true", "12, 16, false", "3, 16, true"})
    void answersAtOtherSplits(int split, int bits, boolean cloud) {
        try (Program program = Program.start(
                home,
                "demo",
                "--json",
                "--split=" + split,
                "--front-bits=" + bits,
                "--back-bits=" + bits,
                "--link=lossless",
                Program.PROMPT)) {
            assertThat(program.await()).as(program.err()).isZero();

            assertThat(object(program.out()).string("text")).isEqualTo(Program.ANSWER);
            assertThat(program.err().contains("starting the cloud service")).isEqualTo(cloud);
        }
    }

    @Test
    void preparesTheModelFirstWhereThereIsNone(@TempDir Path fresh) {
        try (Program program = Program.start(fresh, "demo", "--quiet", Program.PROMPT)) {
            assertThat(program.await()).as(program.err()).isZero();

            assertThat(program.out()).isEqualTo(Program.ANSWER + "\n");
        }
        try (Program program = Program.start(fresh, "models")) {
            assertThat(program.await()).isZero();
            assertThat(program.out())
                    .startsWith("hearth-5m  ")
                    .contains("4,8 bits")
                    .endsWith("ok\n");
        }
    }

    @Test
    void usesALoginForItsOwnBroker() {
        try (Program program = Program.start(
                home, Map.of("CLEAVE_USER", "lamp", "CLEAVE_PASSWORD", "secret"), "demo", "--quiet", Program.PROMPT)) {
            assertThat(program.await()).as(program.err()).isZero();
            assertThat(program.out()).isEqualTo(Program.ANSWER + "\n");
        }
    }

    @Test
    void saysWhyTheCloudServiceDoesNotStart() {
        try (Program program = Program.start(home, "demo", "--broker", "tcp://127.0.0.1:9", Program.PROMPT)) {
            assertThat(program.await()).isEqualTo(ExitCode.CLOUD_FAILED.number());
            assertThat(program.err())
                    .contains("its log ends with", "127.0.0.1:9")
                    .doesNotContain("\tat ");
        }
    }

    private static JsonObject object(String text) {
        return Json.parseObject(text.getBytes(StandardCharsets.UTF_8), "standard output");
    }
}
