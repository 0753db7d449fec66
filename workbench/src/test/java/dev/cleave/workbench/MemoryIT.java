package dev.cleave.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleave.model.json.Json;
import dev.cleave.model.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The device's process stays inside what it predicted, and the prediction is near, for texts that fill the context. */
@Timeout(300)
class MemoryIT {
    private static final int CONTEXT = 256;
    private static final long ALLOWANCE = 8 << 20;

    @TempDir
    static Path home;

    private static Cloud cloud;

    @BeforeAll
    static void start() {
        Commands.prepareHearth(home, "--bits=2,4,8,16");
        cloud = Cloud.start(home, Map.of());
    }

    @AfterAll
    static void stop() {
        cloud.close();
    }

    @ParameterizedTest
    @CsvSource({"0, 4", "1, 2", "6, 4", "11, 8", "6, 16", "12, 2", "12, 16"})
    void thePeakIsAtMostThePredictionAndNotFarBelow(int split, int bits) {
        try (Program program = Program.byLauncher(
                home,
                "run",
                cloud.broker(),
                "--split=" + split,
                "--front-bits=" + bits,
                "--context=" + CONTEXT,
                "--max-tokens=" + CONTEXT,
                "--raw",
                "--json",
                "--quiet",
                "--temperature=4",
                "--seed=5",
                "Tell me a story about a cat. ".repeat(22))) {
            assertThat(program.await()).as(program.err()).isZero();

            JsonObject report = Json.parseObject(program.out().getBytes(StandardCharsets.UTF_8), "report");
            assertThat(report.integer("promptTokens", 1, CONTEXT)
                            + report.list("tokenIds").size())
                    .isEqualTo(CONTEXT);
            JsonObject memory = report.object("memory");
            long peak = memory.integer("peakRss", 1, Long.MAX_VALUE);
            long predicted = memory.integer("predicted", 1, Long.MAX_VALUE);
            assertThat(peak).isLessThanOrEqualTo(predicted);
            assertThat(predicted).isLessThanOrEqualTo((long) (1.05 * peak) + ALLOWANCE);
            assertThat(memory.integer("model", 0, Long.MAX_VALUE))
                    .isEqualTo(memory.integer("modelPredicted", 0, Long.MAX_VALUE));
        }
    }
}
