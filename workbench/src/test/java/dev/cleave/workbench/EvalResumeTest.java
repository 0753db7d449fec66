package dev.cleave.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleave.edge.ExitCode;
import dev.cleave.model.json.JsonObject;
import dev.cleave.quality.evaluation.EvaluationCheckpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An evaluation that was ended and goes on finds what one without a break finds. */
@Timeout(180)
class EvalResumeTest {
    private static final Path ANSWERS = Commands.HEARTH.resolve("eval/commands-dev.jsonl");
    /** A header, 4 windows in two ways, 4 answers, 4 items. */
    private static final int ALL_LINES = 1 + 2 * 4 + 4 + 4;

    @TempDir
    static Path home;

    private static Path text;
    private static Path choices;

    @TempDir
    Path folder;

    private final Commands commands = new Commands(home);

    @BeforeAll
    static void prepare() throws IOException {
        Commands.prepareHearth(home, "--bits=4,8,16");
        text = Files.writeString(
                home.resolve("text"),
                "Once upon a time there was a little cat. She had a red ball and a big friend. They played all day. "
                        .repeat(4));
        String item = "{\"query\":\"The cat\",\"choices\":[\"ran\",\"saw a big %s\"],\"gold\":0}\n";
        choices = Files.writeString(
                home.resolve("choices"), String.format(item.repeat(4), "dog", "tree", "house", "ball"));
    }

    @Test
    void whatIsDoneIsLeftOutAndCountsAsIfItHadRunNow() throws IOException {
        String expected = evaluated("--limit=4");
        Path file = folder.resolve("done");
        evaluated("--limit=2", "--resume=" + file);
        String half = Files.readString(file);
        assertThat(half.lines()).hasSize(1 + 2 * 2 + 2 + 2);

        assertThat(evaluated("--limit=4", "--resume=" + file)).isEqualTo(expected);
        String whole = Files.readString(file);
        assertThat(whole).startsWith(half);
        assertThat(whole.lines()).hasSize(ALL_LINES);

        assertThat(evaluated("--limit=4", "--resume=" + file)).isEqualTo(expected);
        assertThat(file).hasContent(whole);
    }

    @Test
    void aLineWithoutAnEndIsDoneAgain() throws IOException {
        Path file = folder.resolve("done");
        String expected = evaluated("--limit=4", "--resume=" + file);
        byte[] whole = Files.readAllBytes(file);
        int header = new String(whole, StandardCharsets.UTF_8).indexOf('\n');
        for (int length :
                new int[] {0, 1, header - 1, header, header + 1, header + 30, whole.length / 2, whole.length - 1}) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThat(evaluated("--limit=4", "--resume=" + file))
                    .as("cut to " + length)
                    .isEqualTo(expected);
            assertThat(Files.readAllLines(file)).as("cut to " + length).hasSize(ALL_LINES);
        }
    }

    @Test
    void otherSettingsAreRefusedAndNamed() throws IOException {
        Path file = folder.resolve("done");
        evaluated("--limit=1", "--resume=" + file);
        String before = Files.readString(file);
        refused(file, "its split is 6, not 5", "--split=5");
        refused(file, "its front-bits is 4, not 8", "--front-bits=8");
        refused(file, "its back-bits is 8, not 16", "--back-bits=16");
        refused(file, "its mode is fast, not exact", "--mode=exact");
        refused(file, "its kv is absent, not float16", "--kv=float16");
        refused(file, "its link is tabq-24, not tabq-24,int8", "--link=int8");
        refused(file, "its window is 24, not 23", "--window=23");
        refused(file, "its reference is true, not false", "--no-reference");
        refused(file, "its max-tokens is 12, not 13", "--max-tokens=13");
        refused(file, "its choices 2 is absent", "--choices=" + choices);
        Path other = Files.writeString(folder.resolve("other"), "Another text of some words.");
        refused(file, "its text is sha256:", "--text=" + other);
        assertThat(file).hasContent(before);
    }

    @Test
    void otherWeightsOfTheSameModelAreRefused() throws IOException {
        Path file = folder.resolve("done");
        evaluated("--limit=1", "--resume=" + file);
        String content = Files.readString(file);
        int at = content.indexOf("\"weights\":\"sha256:") + 18;
        String other = content.charAt(at) == '0' ? "1" : "0";
        Files.writeString(file, content.substring(0, at) + other + content.substring(at + 1));
        refused(file, "its weights is sha256:");
    }

    @Test
    void aFileOfSomethingElseIsLeftAlone() throws IOException {
        for (String content :
                new String[] {"my notes", "my notes\nmore", "{\"a\":1}\n", "{\"cleaveEvaluation\":2}\n{"}) {
            Path file = Files.writeString(folder.resolve("notes"), content);
            refused(file, "no file of an evaluation");
            assertThat(file).hasContent(content);
        }
    }

    @Test
    void aDamagedLineIsNamed() throws IOException {
        Path file = folder.resolve("done");
        evaluated("--limit=1", "--resume=" + file);
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        lines.set(2, "{\"unit\":");
        Files.write(file, lines);
        fails(ExitCode.MALFORMED_FILE, file + ", line 3", "--resume=" + file);
    }

    @Test
    void oneEvaluationAtATimeHasTheFile() {
        Path file = folder.resolve("done");
        try (EvaluationCheckpoint busy = EvaluationCheckpoint.open(file, Map.of("split", 6))) {
            assertThat(busy).isNotNull();
            fails(ExitCode.USAGE, "in use", "--resume=" + file);
        }
        fails(ExitCode.WRITE_FAILED, "cannot be read and written", "--resume=" + folder);
    }

    private void refused(Path file, String message, String... options) {
        List<String> all = new ArrayList<>(List.of(options));
        all.add("--resume=" + file);
        fails(ExitCode.USAGE, message, all.toArray(String[]::new));
        assertThat(commands.err()).contains(file.toString());
    }

    private void fails(ExitCode code, String message, String... options) {
        assertThat(run(false, options)).as(commands.err()).isEqualTo(code.number());
        assertThat(commands.err()).startsWith("cleave: ").contains(message).doesNotContain("\tat ");
        assertThat(commands.out()).isEmpty();
    }

    /** Returns the report without its timings. */
    private String evaluated(String... options) {
        assertThat(run(true, options)).as(commands.err()).isZero();
        JsonObject report = commands.json();
        assertThat(report.list("text")).hasSize(4);
        assertThat(report.list("answers")).hasSize(2);
        assertThat(report.list("choices")).hasSize(2);
        return commands.out().replaceAll("\"(en|de)codeMicros\":[0-9.E-]+", "");
    }

    private int run(boolean json, String... options) {
        List<String> all = new ArrayList<>(
                List.of("eval", "hearth-5m", "--quiet", "--text=" + text, "--answers=" + ANSWERS, "--link=tabq-24"));
        all.add("--choices=" + choices);
        if (json) {
            all.add("--json");
        }
        String given = String.join(" ", options);
        for (String each : new String[] {"--window=24", "--max-tokens=12", "--reference=true"}) {
            if (!given.contains(each.substring(0, each.indexOf('=')))) {
                all.add(each);
            }
        }
        if (given.contains("--text=")) {
            all.removeIf(each -> each.startsWith("--text="));
        }
        all.addAll(List.of(options));
        if (all.remove("--no-reference")) {
            all.remove("--reference=true");
        }
        return commands.run(all.toArray(String[]::new));
    }
}
