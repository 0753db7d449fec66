package dev.cleave.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleave.edge.ExitCode;
import dev.cleave.model.json.Json;
import dev.cleave.model.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Devices against one cloud service that runs all the while. */
@Timeout(300)
class RunIT {
    private static final String STORY = "Tell me a story about a cat.";

    @TempDir
    static Path home;

    private static Cloud cloud;

    @BeforeAll
    static void start() {
        Commands.prepareHearth(home, "--bits=4,8");
        cloud = Cloud.start(home, Map.of());
    }

    @AfterAll
    static void stop() {
        cloud.close();
    }

    @Test
    void answersAPrompt() {
        Commands commands = new Commands(home);

        assertThat(commands.run("run", cloud.broker(), Program.PROMPT)).isZero();
        assertThat(commands.out()).isEqualTo(Program.ANSWER + "\n");
        assertThat(commands.err()).contains("ms a token");
    }

    @Test
    void drawsTheSameFromTheSameSeedWhereverTheLayersAre() {
        Commands commands = new Commands(home);
        String[] arguments = {
            "run",
            cloud.broker(),
            "-q",
            "-t=0.9",
            "--top-k=50",
            "--top-p=0.95",
            "--mode=exact",
            "--link=lossless",
            "--front-bits=8",
            "--back-bits=8",
            "--max-tokens=60",
            "--split=0",
            STORY
        };

        assertThat(commands.run(arguments)).isZero();
        String there = commands.out();
        arguments[arguments.length - 2] = "--split=12";
        List<String> seeded = new java.util.ArrayList<>(List.of(arguments));
        seeded.add(2, "--seed=7");
        assertThat(commands.run(seeded.toArray(String[]::new))).isZero();
        String here = commands.out();
        seeded.set(seeded.size() - 2, "--split=5");
        assertThat(commands.run(seeded.toArray(String[]::new))).isZero();

        assertThat(commands.out()).isEqualTo(here);
        assertThat(there).as("another seed").isNotEqualTo(here);
    }

    @Test
    void keepsTheConversationsCache() {
        Commands commands =
                new Commands(home).input(Program.PROMPT + "\n\nTurn it off\n/new\n" + Program.PROMPT + "\n");

        assertThat(commands.run("run", cloud.broker(), "--json"))
                .as(commands.err())
                .isZero();

        List<JsonObject> turns = commands.out()
                .lines()
                .map(line -> Json.parseObject(line.getBytes(StandardCharsets.UTF_8), "a turn"))
                .toList();
        assertThat(turns).hasSize(3);
        assertThat(turns.get(0).string("text")).isEqualTo(Program.ANSWER);
        long first = turns.get(0).integer("promptTokens", 1, 256);
        assertThat(turns.get(1).integer("reusedTokens", 0, 256)).isGreaterThanOrEqualTo(first);
        assertThat(turns.get(2).string("text")).isEqualTo(Program.ANSWER);
        assertThat(turns.get(2).integer("reusedTokens", 0, 256)).isEqualTo(first - 1);
    }

    @Test
    void aConversationSurvivesAPromptThatIsTooLong() {
        Commands commands = new Commands(home).input("light ".repeat(300) + "\n" + Program.PROMPT + "\n");

        assertThat(commands.run("run", cloud.broker())).isZero();
        assertThat(commands.err()).contains("holds 256", "/new");
        assertThat(commands.out()).isEqualTo(Program.ANSWER + "\n");
    }

    @Test
    void ctrlCEndsTheAnswerOnlyAndTheEndOfTheInputTheProgram() {
        try (Program program = Program.start(home, "run", cloud.broker(), "--max-tokens=240")) {
            program.type(STORY + "\n");
            program.until(() -> program.out().contains("Once"));
            program.signal("INT");
            program.until(() -> program.err().contains("cancelled"));
            program.type("/new\n" + Program.PROMPT + "\n");
            program.until(() -> program.out().contains(Program.ANSWER));
            program.endInput();

            assertThat(program.await()).as(program.err()).isZero();
        }
    }

    @Test
    void ctrlCEndsAProgramThatWaitsForSomebodyToType() {
        try (Program program = Program.start(home, "run", cloud.broker(), "--json")) {
            program.type(Program.PROMPT + "\n");
            program.until(() -> !program.out().isEmpty());
            program.signal("INT");

            assertThat(program.await()).as(program.err()).isEqualTo(ExitCode.INTERRUPTED.number());
            assertThat(program.err()).doesNotContain("\tat ");
        }
    }

    @Test
    void ctrlCEndsASingleAnswerAndTheProgram() {
        try (Program program = Program.start(home, "run", cloud.broker(), "--json", "--max-tokens=240", STORY)) {
            program.until(() -> program.err().contains("Once"));
            program.signal("INT");

            assertThat(program.await()).as(program.err()).isEqualTo(ExitCode.INTERRUPTED.number());
            JsonObject report = Json.parseObject(program.out().getBytes(StandardCharsets.UTF_8), "report");
            assertThat(report.string("finishReason")).isEqualTo("cancelled");
            assertThat(report.string("text")).startsWith("Once");
        }
    }

    /** An engine that reads the command line once crashed on a long one. */
    @Test
    void aLongCommandLineIsAPromptLikeAnyOther() {
        try (Program program = Program.start(home, "run", "--split=12", "--json", "light ".repeat(2000))) {
            assertThat(program.await()).as(program.err()).isEqualTo(ExitCode.PROMPT_TOO_LONG.number());
        }
    }
}
