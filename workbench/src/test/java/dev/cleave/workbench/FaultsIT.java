package dev.cleave.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleave.edge.ExitCode;
import dev.cleave.model.json.Json;
import dev.cleave.model.json.JsonObject;
import dev.cleave.transport.broker.Artemis;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong between device and cloud, and on disks that are full. */
@Timeout(300)
class FaultsIT {
    private static final String STORY = "Tell me a story about a cat.";

    @TempDir
    static Path home;

    @BeforeAll
    static void prepare() {
        Commands.prepareHearth(home, "--bits=4,8");
    }

    @Test
    void aWorkerThatDiesInMidText() throws Exception {
        try (Artemis broker = new Artemis(false)) {
            String address = "--broker=" + broker.uri();
            try (Cloud cloud = Cloud.start(home, Map.of(), address);
                    Program program = Program.start(
                            home, "run", address, "--json", "--step-timeout=5s", "--max-tokens=240", STORY)) {
                program.until(() -> program.err().contains("Once"));
                cloud.kill();

                failedWithPartialText(program, ExitCode.WORKER_LOST);
            }
            Commands commands = new Commands(home);
            assertThat(commands.run("run", address, "--open-timeout=1s", "Hi"))
                    .as("and then there is no worker")
                    .isEqualTo(ExitCode.NO_WORKER.number());
            assertThat(commands.err()).contains("worker").doesNotContain("\tat ");
        }
    }

    @Test
    void aBrokerThatDiesInMidText() {
        try (Cloud cloud = Cloud.start(home, Map.of());
                Program program = Program.start(home, "run", cloud.broker(), "--json", "--max-tokens=240", STORY)) {
            program.until(() -> program.err().contains("Once"));
            cloud.kill();

            failedWithPartialText(program, ExitCode.BROKER_LOST);
        }
    }

    @Test
    void aWrongPasswordAndAnotherModel(@TempDir Path other) throws IOException {
        Path right = Files.writeString(home.resolve("right"), "correct horse\n");
        Path wrong = Files.writeString(home.resolve("wrong"), "battery staple\n");
        try (Cloud cloud = Cloud.start(home, Map.of(), "--user=lamp", "--password-file=" + right)) {
            Commands commands = new Commands(home);
            assertThat(commands.run("run", cloud.broker(), "--user=lamp", "--password-file=" + wrong, "Hi"))
                    .isEqualTo(ExitCode.LOGIN_REFUSED.number());
            assertThat(commands.err()).contains("lamp").doesNotContain("battery", "\tat ");
            assertThat(commands.run("run", cloud.broker(), "--user=lamp", "--password-file=" + right, Program.PROMPT))
                    .as(commands.err())
                    .isZero();

            Path checkpoint = Files.createDirectory(other.resolve("hearth-5m"));
            try (Stream<Path> files = Files.list(Commands.HEARTH)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Files.copy(file, checkpoint.resolve(file.getFileName()));
                }
            }
            Path config = checkpoint.resolve("config.json");
            Files.writeString(
                    config, Files.readString(config).replace("\"rms_norm_eps\": 1e-05", "\"rms_norm_eps\": 1e-06"));
            Commands differing = new Commands(other);
            assertThat(differing.run("prepare", "-q", "--bits=4,8", checkpoint.toString()))
                    .isZero();
            assertThat(differing.run(
                            "run",
                            cloud.broker(),
                            "--user=lamp",
                            "--password-file=" + right,
                            "--open-timeout=2s",
                            "--model=" + other.resolve("models/hearth-5m"),
                            "Hi"))
                    .as(differing.err())
                    .isEqualTo(ExitCode.BUNDLES_DIFFER.number());
            assertThat(differing.err()).contains("model");
        }
    }

    @Test
    void aDiskThatFillsWhilePreparing(@TempDir Path small) throws IOException {
        try (Program program = Program.startAfter(
                "ulimit -f 100", small, "prepare", "--json", "--bits=4", Commands.HEARTH.toString())) {
            assertThat(program.await()).as(program.err()).isEqualTo(ExitCode.WRITE_FAILED.number());
            JsonObject report = Json.parseObject(program.out().getBytes(StandardCharsets.UTF_8), "report");
            assertThat(report.object("error").string("code")).isEqualTo("write-failed");
            assertThat(program.err()).contains("cannot be written").doesNotContain("\tat ");
        }
        try (Stream<Path> left = Files.list(small.resolve("models"))) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void aPreparationThatIsKilledLeavesNothingThatOpens(@TempDir Path killed) throws IOException {
        try (Program program = Program.start(killed, "prepare", Commands.HEARTH.toString())) {
            program.until(() -> program.err().contains("30 %"));
            program.signal("KILL");
            program.await();
        }
        Commands commands = new Commands(killed);
        assertThat(commands.run("models", "--json")).isZero();
        assertThat(commands.json().list("models")).isEmpty();
        assertThat(commands.run("prepare", "-q", "--bits=4", Commands.HEARTH.toString()))
                .isZero();
        try (Stream<Path> left = Files.list(killed.resolve("models"))) {
            assertThat(left.map(path -> path.getFileName().toString())).containsExactly("hearth-5m");
        }
    }

    private static void failedWithPartialText(Program program, ExitCode code) {
        assertThat(program.await()).as(program.err()).isEqualTo(code.number());
        JsonObject report = Json.parseObject(program.out().getBytes(StandardCharsets.UTF_8), "report");
        assertThat(report.string("finishReason")).isEqualTo("error");
        assertThat(report.string("text")).startsWith("Once");
        assertThat(report.list("tokenIds")).isNotEmpty();
        assertThat(report.object("error").string("code")).isEqualTo(code.label());
        assertThat(program.err()).doesNotContain("\tat ");
    }
}
