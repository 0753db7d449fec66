package dev.cleave.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleave.edge.ExitCode;
import dev.cleave.model.json.Json;
import dev.cleave.model.json.JsonObject;
import dev.cleave.transport.broker.Mosquitto;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A device whose cloud is not there, or goes in the midst of a text. */
@Timeout(300)
class OfflineIT {
    private static final String STORY = "Tell me a story about a cat.";
    private static final String NOBODY = "--broker=tcp://127.0.0.1:1";

    @TempDir
    static Path home;

    @BeforeAll
    static void prepare() {
        Commands.prepareHearth(home, "--bits=4,8");
    }

    @Test
    void goesOnAloneWhereTheCloudIsKilledInMidText() {
        try (Cloud cloud = Cloud.start(home, Map.of());
                Program program = Program.start(
                        home, "run", cloud.broker(), "--json", "--offline=allow", "--max-tokens=230", STORY)) {
            program.until(() -> program.err().contains("Once upon a time"));
            cloud.kill();

            assertThat(program.await()).as(program.err()).isZero();
            JsonObject report = Json.parseObject(program.out().getBytes(StandardCharsets.UTF_8), "report");
            assertThat(report.string("finishReason")).isIn("stop", "length");
            JsonObject offline = report.object("offline");
            assertThat(offline.integer("fromToken", 1, 229))
                    .isLessThan(report.list("tokenIds").size());
            assertThat(offline.integer("bits", 2, 16)).isEqualTo(4);
            assertThat(offline.string("reason")).contains("broker");
            // What was shown while it grew is the answer, and nothing was taken back.
            assertThat(report.string("text")).startsWith("Once upon a time");
            assertThat(program.err()).contains(report.string("text"));
            assertThat(program.err().lines().filter(line -> line.contains("alone")))
                    .hasSize(1);
            assertThat(program.err()).doesNotContain("\tat ");
        }
    }

    @Test
    void answersAloneWhereNobodyIsThereFromTheBeginning() {
        Commands commands = new Commands(home);
        assertThat(commands.run("run", NOBODY, "--json", "--offline=allow", STORY))
                .as(commands.err())
                .isZero();
        JsonObject alone = commands.json();
        assertThat(alone.object("offline").integer("fromToken", 0, 256)).isZero();
        assertThat(commands.err()).contains("answered alone", "127.0.0.1:1");

        assertThat(commands.run("run", "--json", "--split=12", "--front-bits=4", STORY))
                .isZero();
        assertThat(commands.json().string("text")).isEqualTo(alone.string("text"));
        assertThat(commands.json().has("offline")).isFalse();

        assertThat(commands.run("run", NOBODY, STORY)).isEqualTo(ExitCode.BROKER_UNREACHABLE.number());
    }

    @Test
    void staysWithinItsMemory() {
        Commands commands = new Commands(home);
        assertThat(commands.run("run", NOBODY, "--json", "--offline=allow", "--memory=2G", STORY))
                .as(commands.err())
                .isZero();
        assertThat(commands.json().has("offline")).isTrue();
        assertThat(commands.err()).contains("no plan without the cloud");

        assertThat(commands.run("run", NOBODY, "--json", "--offline=allow", "--memory=50M", STORY))
                .as(commands.err())
                .isEqualTo(ExitCode.BROKER_UNREACHABLE.number());
    }

    @Test
    void aConversationFindsTheCloudAgain() throws Exception {
        try (Mosquitto broker = Mosquitto.start(Files.createDirectory(home.resolve("broker")), false)) {
            String address = "--broker=" + broker.uri();
            try (Program program =
                    Program.start(home, "run", address, "--json", "--offline=allow", "--open-timeout=5s")) {
                program.type(Program.PROMPT + "\n");
                program.until(() -> program.out().lines().count() == 1);
                try (Cloud cloud = Cloud.start(home, Map.of(), address)) {
                    program.type("/new\n" + Program.PROMPT + "\n");
                    program.until(() -> program.out().lines().count() == 2
                            || !cloud.program().isAlive());
                    program.endInput();

                    assertThat(program.await()).as(program.err()).isZero();
                }
                List<JsonObject> turns = program.out()
                        .lines()
                        .map(line -> Json.parseObject(line.getBytes(StandardCharsets.UTF_8), "a turn"))
                        .toList();
                assertThat(turns.get(0).object("offline").string("reason")).contains("no worker");
                assertThat(turns.get(1).has("offline")).as(program.out()).isFalse();
                assertThat(turns.get(1).string("text")).isEqualTo(Program.ANSWER);
                assertThat(turns.get(1).integer("split", 0, 12)).isEqualTo(6);
            }
        }
    }

    @Test
    void aRuleThatIsNoneIsRefused() {
        Commands commands = new Commands(home);
        assertThat(commands.run("run", "--offline=sometimes", STORY)).isEqualTo(ExitCode.USAGE.number());
        assertThat(commands.err()).contains("sometimes", "allow");
    }
}
