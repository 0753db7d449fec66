package dev.cleave.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.cleave.edge.ExitCode;
import dev.cleave.model.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an evaluation says of qualities whose order is known. */
@Timeout(120)
class EvalTest {
    private static final Path ANSWERS = Commands.HEARTH.resolve("eval/commands-dev.jsonl");

    @TempDir
    static Path home;

    private final Commands commands = new Commands(home);

    @BeforeAll
    static void prepare() {
        Commands.prepareHearth(home, "--bits=4,8");
    }

    @Test
    void qualitiesStandInTheirOrder() throws IOException {
        Path text = Files.writeString(
                home.resolve("text"),
                "Once upon a time there was a little cat. She had a red ball and a big friend. They played all day.");
        assertThat(commands.run(
                        "eval",
                        "hearth-5m",
                        "--json",
                        "--quiet",
                        "--text=" + text,
                        "--link=bf16,tabq-04,tabq-24",
                        "--answers=" + ANSWERS,
                        "--limit=4"))
                .as(commands.err())
                .isZero();
        JsonObject report = commands.json();
        Map<String, JsonObject> rows = new HashMap<>();
        for (int i = 0; i < report.list("text").size(); i++) {
            JsonObject row = report.element("text", i);
            rows.put(row.string("steps") + " " + row.string("link"), row);
        }
        assertThat(rows).hasSize(8);
        for (String steps : new String[] {"prompt", "decode"}) {
            JsonObject lossless = rows.get(steps + " lossless");
            assertThat(number(lossless, "kl")).isZero();
            assertThat(lossless.has("klAgainst16Bits")).isFalse();
            assertThat(number(lossless, "bitsPerValue")).isEqualTo(32);
            assertThat(number(lossless, "frameBytes")).isGreaterThan(4 * 192);
            assertThat(number(rows.get(steps + " bf16"), "bitsPerValue")).isEqualTo(16);
            JsonObject fine = rows.get(steps + " tabq-04");
            JsonObject coarse = rows.get(steps + " tabq-24");
            assertThat(number(fine, "relativeError")).isBetween(0.02, 0.04);
            assertThat(number(coarse, "relativeError")).isBetween(0.12, 0.24);
            assertThat(number(coarse, "bitsPerValue")).isLessThan(number(fine, "bitsPerValue") - 2);
            assertThat(number(coarse, "kl")).isGreaterThan(number(fine, "kl"));
        }
        assertThat(report.element("answers", 0).string("link")).isEqualTo("lossless");
        assertThat(report.element("answers", 0).object("exactMatch").integer("count", 0, 4))
                .isEqualTo(4);
        assertThat(report.element("answers", 2).object("sameAsLossless").integer("total", 0, 4))
                .isEqualTo(4);
    }

    @Test
    void printsTables() {
        assertThat(commands.run("eval", "hearth-5m", "-q", "--answers=" + ANSWERS, "--limit=2", "--link=int8"))
                .isZero();
        assertThat(commands.out()).contains("lossless", "int8", "100.0%");
        assertThat(commands.err()).isEmpty();
    }

    @Test
    void whatCannotBeMeasuredIsSaid() throws IOException {
        fails(ExitCode.USAGE, "--text", "eval", "hearth-5m");
        fails(ExitCode.NO_SUCH_MODEL, "nobody", "eval", "nobody", "--answers=" + ANSWERS);
        fails(ExitCode.OUT_OF_RANGE, "1..11", "eval", "hearth-5m", "--split=12", "--answers=" + ANSWERS);
        fails(ExitCode.OUT_OF_RANGE, "2..256", "eval", "hearth-5m", "--window=300", "--text=" + ANSWERS);
        fails(ExitCode.USAGE, "--text", "eval", "hearth-5m", "--reference", "--answers=" + ANSWERS);
        fails(ExitCode.USAGE, "gone.txt", "eval", "hearth-5m", "--text=" + home.resolve("gone.txt"));
        fails(ExitCode.USAGE, "gone.jsonl", "eval", "hearth-5m", "--answers=" + home.resolve("gone.jsonl"));
        Path broken =
                Files.writeString(home.resolve("broken"), "{\"prompt\":\"x\",\"completion\":\"y\"}\n{\"prompt\":1}");
        fails(ExitCode.MALFORMED_FILE, "line 2", "eval", "hearth-5m", "--answers=" + broken);
    }

    @Test
    void predictionsAreHeldToSixteenBits() throws IOException {
        String story = "Once upon a time there was a little cat. She had a red ball and a big friend.";
        Path text = Files.writeString(home.resolve("story"), story);
        String[] command = {
            "eval", "hearth-5m", "--quiet", "--reference", "--text=" + text, "--mode=exact", "--front-bits=8"
        };
        fails(ExitCode.OUT_OF_RANGE, "has [4, 8]: prepare it again with 16 among --bits", command);

        Path threeWidths = home.resolve("three-widths");
        Commands.prepareHearth(threeWidths, "--bits=4,8,16");
        Path bundle = threeWidths.resolve("models/hearth-5m");
        List<String> all = new ArrayList<>(List.of(command));
        all.set(1, bundle.toString());
        all.add("--link=tabq-24");
        assertThat(commands.run(all.toArray(String[]::new))).as(commands.err()).isZero();
        assertThat(commands.out()).contains("kl16");
        all.add("--json");
        assertThat(commands.run(all.toArray(String[]::new))).as(commands.err()).isZero();
        JsonObject report = commands.json();
        double expected = divergence(bundle, story);
        for (int i = 0; i < 4; i += 2) {
            JsonObject lossless = report.element("text", i);
            assertThat(number(lossless, "kl")).isZero();
            assertThat(number(lossless, "klAgainst16Bits")).isCloseTo(expected, withinPercentage(1));
            assertThat(number(report.element("text", i + 1), "klAgainst16Bits")).isGreaterThan(2 * expected);
        }
        all.remove("--front-bits=8");
        all.addAll(List.of("--front-bits=16", "--back-bits=16"));
        assertThat(commands.run(all.toArray(String[]::new))).as(commands.err()).isZero();
        assertThat(number(commands.json().element("text", 0), "klAgainst16Bits"))
                .isLessThan(1e-9);
    }

    /** Of a model of 8 bits in one piece from one of 16, a token. */
    private static double divergence(Path bundle, String text) {
        try (WholeModel bits8 = new WholeModel(bundle, 8);
                WholeModel bits16 = new WholeModel(bundle, 16)) {
            int[] ids = bits8.ids(text);
            double[][] logs8 = bits8.logs(ids);
            double[][] logs16 = bits16.logs(ids);
            double sum = 0;
            for (int at = 0; at < ids.length - 1; at++) {
                for (int i = 0; i < logs8[at].length; i++) {
                    sum += Math.exp(logs16[at][i]) * (logs16[at][i] - logs8[at][i]);
                }
            }
            return sum / (ids.length - 1);
        }
    }

    private void fails(ExitCode code, String message, String... arguments) {
        assertThat(commands.run(arguments)).as(commands.err()).isEqualTo(code.number());
        assertThat(commands.err()).startsWith("cleave: ").contains(message).doesNotContain("\tat ");
        assertThat(commands.out()).isEmpty();
    }

    private static double number(JsonObject row, String name) {
        return row.number(name, 0, 1e9);
    }
}
