package dev.cleave.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleave.model.json.Json;
import dev.cleave.model.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** run and demo that plan by themselves: real processes, a real broker, profiles of this machine. */
@Timeout(300)
class PlannedIT {
    @TempDir
    static Path home;

    @BeforeAll
    static void prepare() {
        Commands.prepareHearth(home, "--bits=4,8");
    }

    @Test
    void theDemonstrationPlansWhatItPromises() {
        try (Program program = Program.start(
                home,
                "demo",
                "--json",
                "--memory=1G",
                "--deadline=10s",
                "--objective=cloud",
                "--split=7",
                // In float16 a plan counts the buffers of a whole chunk, the report those of the shorter chunk that
                // will be.
                "--kv=float32",
                Program.PROMPT)) {
            assertThat(program.await()).as(program.err()).isZero();
            JsonObject report = Json.parseObject(program.out().getBytes(StandardCharsets.UTF_8), "demo");
            assertThat(report.string("text")).isEqualTo(Program.ANSWER);
            assertThat(report.integer("split", 0, 12)).isEqualTo(7);
            JsonObject plan = report.object("plan");
            assertThat(plan.integer("split", 0, 12)).isEqualTo(7);
            assertThat(plan.object("tokenMillis").number("total", 0, 10_000)).isPositive();
            // The plan and the report predict by different code.
            assertThat(plan.object("memoryBytes").integer("total", 1, 1 << 30))
                    .isEqualTo(report.object("memory").integer("predicted", 1, 1 << 30));
        }
    }

    @Test
    void aBudgetThatIsTooSmallIsRefusedBeforeAnythingIsOpened() {
        try (Program program = Program.start(home, "demo", "--memory=10M", Program.PROMPT)) {
            assertThat(program.await()).isEqualTo(14);
            assertThat(program.out()).isEmpty();
            assertThat(program.err()).contains("memory").contains("10.0 MiB").doesNotContain("\tat ");
        }
    }

    @Test
    void runMeasuresTheLinkOnceAndLivesByThePlan(@TempDir Path fresh) {
        Commands commands = new Commands(fresh);
        Commands.prepareHearth(fresh, "--bits=4,8");
        try (Cloud cloud = Cloud.start(fresh, Map.of(), "-Dcleave.worker.profile=true")) {
            for (int i = 0; i < 2; i++) {
                assertThat(commands.run(
                                "run",
                                cloud.broker(),
                                "--open-timeout=60s",
                                "--deadline=10s",
                                "--split=5",
                                "--json",
                                Program.PROMPT))
                        .as(commands.err())
                        .isZero();
                assertThat(commands.json().string("text")).isEqualTo(Program.ANSWER);
                assertThat(commands.json().object("plan").integer("split", 0, 12))
                        .isEqualTo(5);
                assertThat(commands.err().contains("measuring the link")).isEqualTo(i == 0);
            }
            assertThat(commands.run("plan", "--json", "--split=5"))
                    .as(commands.err())
                    .isZero();
            assertThat(commands.json().object("plan").object("tokenMillis").number("link", 0, 10_000))
                    .isPositive();
        }
    }
}
