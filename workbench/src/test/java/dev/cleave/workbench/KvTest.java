package dev.cleave.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.cleave.edge.ExitCode;
import dev.cleave.model.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code --kv}: how the device stores keys and values. */
@Timeout(240)
class KvTest {
    private static final long GREATEST = 1L << 40;

    @TempDir
    static Path home;

    private final Commands commands = new Commands(home);

    @BeforeAll
    static void prepare() {
        Commands.prepareHearth(home, "--bits=4,8");
    }

    @Test
    void halfOfTheCacheIsSavedAndTheAnswerStays() {
        JsonObject single = run();
        JsonObject half = run("--kv=float16");
        assertThat(single.string("kv")).isEqualTo("float32");
        assertThat(half.string("kv")).isEqualTo("float16");
        assertThat(half.string("text")).isEqualTo(single.string("text")).isNotEmpty();
        long saved = memory(single, "modelPredicted") - memory(half, "modelPredicted");
        assertThat(saved).isPositive();
        // What was measured also counts that shorter chunks have smaller buffers.
        assertThat(memory(single, "model") - memory(half, "model")).isGreaterThanOrEqualTo(saved);
    }

    private JsonObject run(String... options) {
        String[] all = new String[options.length + 5];
        System.arraycopy(options, 0, all, 5, options.length);
        all[0] = "run";
        all[1] = "--split=12";
        all[2] = "--json";
        all[3] = "--max-tokens=30";
        all[4] = "Turn on the kitchen light";
        assertThat(commands.run(all)).as(commands.err()).isZero();
        return commands.json();
    }

    private static long memory(JsonObject report, String field) {
        return report.object("memory").integer(field, 1, GREATEST);
    }

    @Test
    void anUnknownPrecisionIsAUsageErrorThatNamesTheKnown() {
        assertThat(commands.run("run", "--kv=int8", "Hi")).isEqualTo(ExitCode.USAGE.number());
        assertThat(commands.err()).contains("'int8' is none of [float32, float16]");
    }

    @Test
    void anEvaluationTakesItAndSaysSo() throws IOException {
        Path text = Files.writeString(
                home.resolve("text"), "Once upon a time there was a little cat. She had a red ball and a big friend.");
        double single = perplexity("float32", text);
        double half = perplexity("float16", text);
        assertThat(half).isNotEqualTo(single).isCloseTo(single, withinPercentage(1));
    }

    private double perplexity(String kv, Path text) {
        assertThat(commands.run(
                        "eval", "hearth-5m", "--json", "--quiet", "--link=int8", "--kv=" + kv, "--text=" + text))
                .as(commands.err())
                .isZero();
        JsonObject report = commands.json();
        assertThat(report.string("kv")).isEqualTo(kv);
        return report.element("text", 0).number("perplexity", 1, 1e6);
    }
}
