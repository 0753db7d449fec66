package dev.cleave.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.cleave.edge.ExitCode;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.bundle.BundleAddition;
import dev.cleave.model.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tuned levels from the calibration to an answer over a broker. */
@Timeout(300)
class TunedLinkIT {
    private static final String STORY = "Tell me a story about a cat.";

    @TempDir
    static Path home;

    private static Cloud cloud;

    private final Commands commands = new Commands(home);

    @BeforeAll
    static void start() {
        Commands.prepareHearth(home, "--bits=4,8", "--calibrate", "--calibrate-splits=6", "--calibrate-tokens=6144");
        cloud = Cloud.start(home, Map.of());
    }

    @AfterAll
    static void stop() {
        cloud.close();
    }

    private JsonObject run(String... options) {
        List<String> arguments = new java.util.ArrayList<>(List.of("run", cloud.broker(), "--json", "--quiet"));
        arguments.addAll(List.of(options));
        assertThat(commands.run(arguments.toArray(String[]::new)))
                .as(commands.err())
                .isZero();
        return commands.json();
    }

    @Test
    void anAnswerTakesATenthOfFloat16AndIsTheSame() {
        JsonObject lossless = run("--link=lossless", Program.PROMPT);
        JsonObject tuned = run("--link=tuned-43", Program.PROMPT);

        assertThat(tuned.list("tokenIds")).isEqualTo(lossless.list("tokenIds"));
        assertThat(tuned.string("text")).isEqualTo(Program.ANSWER);
        assertThat(number(tuned, "bitsPerValue")).isBetween(0.5, 4.0);
        assertThat(number(tuned, "relativeError")).isBetween(0.05, 0.3);
        assertThat(number(lossless, "relativeError")).isZero();
        for (JsonObject each : List.of(lossless, tuned)) {
            JsonObject bytes = each.object("bytesPerToken");
            assertThat(number(bytes, "up") - number(bytes, "codec"))
                    .as("Protobuf and MQTT around a frame")
                    .isBetween(20.0, 80.0);
        }
    }

    /** What each end predicts from would otherwise differ, and the text with it. */
    @Test
    void aQualityThatChangesInMidTextGivesTheSameTextAgain() {
        String[] schedule = {
            "--prompt-link=tuned-25",
            "--link=tuned-62",
            "--link-from=5=int8",
            "--link-from=9=tuned-52",
            "--link-from=20=lossless",
            "--link-from=30=tabq-08",
            "--link-from=35=tuned-90",
            "--max-tokens=60",
            STORY
        };
        JsonObject first = run(schedule);
        JsonObject second = run(schedule);

        assertThat(first.string("link"))
                .isEqualTo("tuned-25, then tuned-62, from token 5 on int8, from token 9 on tuned-52,"
                        + " from token 20 on lossless, from token 30 on tabq-08, from token 35 on tuned-90");
        assertThat(first.list("tokenIds")).hasSize(60).isEqualTo(second.list("tokenIds"));
        assertThat(number(first, "relativeError")).isEqualTo(number(second, "relativeError"));
    }

    @Test
    void aSecondTurnBuildsOnWhatTheFirstLeftInTheCaches() {
        Commands conversation =
                new Commands(home).input(Program.PROMPT + "\n\n" + Program.PROMPT + "\n/new\n" + Program.PROMPT + "\n");
        assertThat(conversation.run("run", cloud.broker(), "--link=tuned-30"))
                .as(conversation.err())
                .isZero();
        assertThat(conversation.out().lines().filter(Program.ANSWER::equals).count())
                .as(conversation.out())
                .isGreaterThanOrEqualTo(2);
    }

    @Test
    void autoTakesTheCheapestThatKeepsTheQuality() {
        String strict = run("--link=auto", "--quality=0.2%", Program.PROMPT).string("link");
        String usual = run("--link=auto", Program.PROMPT).string("link");
        String loose = run("--link=auto", "--quality=20%", Program.PROMPT).string("link");

        assertThat(loose).isEqualTo("tuned-90");
        assertThat(List.of(strict, usual)).allMatch(name -> name.startsWith("tuned-"));
        assertThat(percent(strict)).isLessThan(percent(usual));
        assertThat(percent(usual)).isLessThan(90);
    }

    private static int percent(String link) {
        return Integer.parseInt(link.substring("tuned-".length()));
    }

    @Test
    void aSplitWithoutACalibrationIsRefusedBeforeAnythingIsSent() {
        assertThat(commands.run("run", cloud.broker(), "--split=5", "--link=tuned-43", STORY))
                .isEqualTo(ExitCode.OUT_OF_RANGE.number());
        assertThat(commands.err()).contains("those of splits [6], not of 5", "prepare --calibrate");
        // What plain qualities lose there is known, between splits that were measured.
        assertThat(commands.run("run", cloud.broker(), "--split=5", "--link=auto", "--json", STORY))
                .as(commands.err())
                .isZero();
        assertThat(commands.json().string("link")).doesNotStartWith("tuned-");
        assertThat(commands.run("run", cloud.broker(), "--link=tuned-44", STORY))
                .isEqualTo(ExitCode.USAGE.number());
        assertThat(commands.err()).contains("tuned-43", "auto");
    }

    @Test
    void anotherCalibrationThanTheWorkersIsRefused() throws IOException {
        Bundle other = copy("other");
        BundleAddition.replace(
                other, Bundle.CALIBRATION, "calibration", List.of(new BundleAddition.Content(6, changed(other))));

        assertThat(commands.run("run", cloud.broker(), "--model=" + other.folder(), "--link=tuned-43", STORY))
                .isEqualTo(ExitCode.REFUSED.number());
        assertThat(commands.err()).contains("calibration", "copy the calibrated bundle to both sides");
    }

    @Test
    void aChangedCalibrationIsNoticed() throws IOException {
        Bundle copy = copy("copy");
        Path calibration = calibration(copy);
        Files.write(calibration, changed(copy));

        assertThat(commands.run("run", cloud.broker(), "--model=" + copy.folder(), "--link=tuned-43", STORY))
                .isEqualTo(ExitCode.DAMAGED_BUNDLE.number());
        assertThat(commands.err()).contains(calibration.getFileName().toString(), "sha256");
    }

    private static Bundle copy(String name) throws IOException {
        Path copy = home.resolve(name);
        PreparedHearth.copy(home.resolve("models/hearth-5m"), copy);
        return Bundle.open(copy);
    }

    private static Path calibration(Bundle bundle) {
        return bundle.path(bundle.calibrationFile(6).orElseThrow());
    }

    /** Returns the calibration with one bit of its numbers the other way round. */
    private static byte[] changed(Bundle bundle) throws IOException {
        byte[] bytes = Files.readAllBytes(calibration(bundle));
        bytes[bytes.length / 2] ^= 1;
        return bytes;
    }

    /** The same answers, whether a broker lies between the segments or not. */
    @Test
    void evaluationGoesThroughABrokerAsWell() {
        String[] arguments = {
            "eval",
            "hearth-5m",
            "--json",
            "-q",
            "--limit=12",
            "--link=int8,tabq-24,tuned-90",
            "--answers=" + Commands.HEARTH.resolve("eval/commands-dev.jsonl")
        };
        assertThat(commands.run(arguments)).as(commands.err()).isZero();
        JsonObject direct = commands.json();
        List<String> over = new java.util.ArrayList<>(List.of(arguments));
        over.addAll(List.of("--via=MQTT", cloud.broker()));
        assertThat(commands.run(over.toArray(String[]::new))).as(commands.err()).isZero();

        assertThat(commands.json().list("answers")).hasSize(4).isEqualTo(direct.list("answers"));
        over.add("--reference");
        over.add("--text=" + Commands.HEARTH.resolve("README.md"));
        assertThat(commands.run(over.toArray(String[]::new))).isEqualTo(ExitCode.USAGE.number());
        assertThat(commands.err()).contains("--reference").contains("--via DIRECT");
    }

    /** The worker scores a text as the same segments do in one process; its chunks of a prompt are shorter, which int8 feels. */
    @Test
    void perplexityIsTheSameThroughABroker() {
        String[] arguments = {
            "eval",
            "hearth-5m",
            "--json",
            "-q",
            "--limit=2",
            "--link=int8,tuned-90",
            "--text=" + Commands.HEARTH.resolve("README.md")
        };
        assertThat(commands.run(arguments)).as(commands.err()).isZero();
        JsonObject direct = commands.json();
        List<String> over = new java.util.ArrayList<>(List.of(arguments));
        over.addAll(List.of("--via=MQTT", cloud.broker()));
        assertThat(commands.run(over.toArray(String[]::new))).as(commands.err()).isZero();
        JsonObject scored = commands.json();

        assertThat(scored.list("text")).hasSize(6).hasSameSizeAs(direct.list("text"));
        for (int i = 0; i < 6; i++) {
            JsonObject here = direct.element("text", i);
            JsonObject there = scored.element("text", i);
            assertThat(there.string("link")).isEqualTo(here.string("link"));
            assertThat(there.string("steps")).isEqualTo(here.string("steps"));
            assertThat(there.fields().get("kl")).isNull();
            boolean alike = here.string("steps").equals("decode");
            double perplexity = number(here, "perplexity");
            assertThat(number(there, "perplexity")).isCloseTo(perplexity, withinPercentage(alike ? 1e-3 : 1));
            if (alike) {
                assertThat(number(there, "frameBytes")).isEqualTo(number(here, "frameBytes"));
            }
        }
    }

    @Test
    void evaluationPutsTunedQualitiesBesideTheOthers() throws IOException {
        Path text = Files.writeString(
                home.resolve("text"),
                "Once upon a time there was a little cat. She had a red ball and a big friend. They played all day. ");
        assertThat(commands.run(
                        "eval", "hearth-5m", "--json", "-q", "--text=" + text, "--link=tabq-24,tuned-20,tuned-62"))
                .as(commands.err())
                .isZero();
        Map<String, JsonObject> rows = new HashMap<>();
        JsonObject report = commands.json();
        for (int i = 0; i < report.list("text").size(); i++) {
            JsonObject row = report.element("text", i);
            rows.put(row.string("steps") + " " + row.string("link"), row);
        }
        for (String steps : new String[] {"prompt ", "decode "}) {
            JsonObject fine = rows.get(steps + "tuned-20");
            JsonObject coarse = rows.get(steps + "tuned-62");
            assertThat(number(fine, "relativeError")).isLessThan(number(coarse, "relativeError"));
            assertThat(number(fine, "kl")).isLessThan(number(coarse, "kl"));
            assertThat(number(coarse, "bitsPerValue")).isLessThan(number(rows.get(steps + "tabq-24"), "bitsPerValue"));
            assertThat(number(coarse, "relativeError"))
                    .isLessThan(number(rows.get(steps + "tabq-24"), "relativeError"));
        }
        assertThat(number(rows.get("decode tuned-62"), "bitsPerValue"))
                .as("a sampled token predicts more than a codeword")
                .isLessThan(number(rows.get("prompt tuned-62"), "bitsPerValue"));
    }

    private static double number(JsonObject object, String name) {
        return ((Number) object.fields().get(name)).doubleValue();
    }
}
