package dev.cleave.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cleave.edge.ExitCode;
import dev.cleave.model.json.Json;
import dev.cleave.model.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Choices, held to the same model in one piece that reads every answer from the beginning of its context. */
@Timeout(180)
class EvalChoicesTest {
    private static final String CAT = "Question: What does a cat like to drink?";
    private static final String BALL = "Passage: Tom has a red ball.\nQuestion: does Tom have a ball?";
    private static final String STORY = "Lily and Ben went to the park.";

    @TempDir
    static Path home;

    private static WholeModel whole;

    private final Commands commands = new Commands(home);

    @BeforeAll
    static void prepare() {
        Commands.prepareHearth(home, "--bits=4,8");
        whole = new WholeModel(home.resolve("models/hearth-5m"), 8);
    }

    @AfterAll
    static void close() {
        whole.close();
    }

    @Test
    void theLikeliestChoiceIsTheOneOfTheWholeModel() throws IOException {
        List<List<String>> contexts =
                List.of(repeat(CAT + "\nAnswer:", 3), repeat(BALL + "\nAnswer:", 2), repeat(STORY, 2));
        List<List<String>> answers = List.of(
                List.of(" milk", " a very big house with a garden and a tree", " stones"),
                List.of(" no", " yes"),
                List.of(" They played on the swings.", " Concrete invoices deliver seventeen."));
        List<JsonObject> units = measure(
                "several.jsonl",
                line("query", CAT + "\n", "choices", answers.get(0), 0),
                line("choices", answers.get(1), "query", BALL, 1),
                line(
                        "query",
                        STORY,
                        "choices",
                        List.of("They played on the swings.", answers.get(2).get(1)),
                        1));
        int right = 0;
        int rightNorm = 0;
        int[] gold = {0, 1, 1};
        for (int item = 0; item < 3; item++) {
            double[] expected = sums(contexts.get(item), answers.get(item));
            assertThat(sums(units.get(item), 0)).containsExactly(expected, within(2e-3));
            right += best(expected) == gold[item] ? 1 : 0;
            double[] byLength = new double[expected.length];
            for (int i = 0; i < expected.length; i++) {
                byLength[i] = expected[i] / (answers.get(item).get(i).length() - 1);
            }
            rightNorm += best(byLength) == gold[item] ? 1 : 0;
        }
        JsonObject lossless = commands.json().element("choices", 0);
        assertThat(lossless.string("file")).endsWith("several.jsonl");
        assertThat(lossless.string("link")).isEqualTo("lossless");
        assertThat(count(lossless, "accuracy")).isEqualTo(right);
        assertThat(count(lossless, "accuracyNorm")).isEqualTo(rightNorm);
        assertThat(count(lossless, "sameAsLossless")).isEqualTo(3);
        assertThat(lossless.object("accuracy").integer("total", 0, 9)).isEqualTo(3);
        JsonObject coarse = commands.json().element("choices", 1);
        assertThat(coarse.string("link")).isEqualTo("tabq-24");
        assertThat(sums(units.get(0), 1)).isNotEqualTo(sums(units.get(0), 0));
    }

    @Test
    void aContinuationIsWeighedBehindEachContext() throws IOException {
        String sun = "The sun was hot so the";
        String continuation = " ice cream melted.";
        List<JsonObject> units = measure(
                "contexts.jsonl",
                "{\"context_options\":[\"" + sun + " \",\"" + sun + " wall and the\"],\"continuation\":\""
                        + continuation.strip() + "\",\"gold\":0}");
        double[] expected = sums(List.of(sun, sun + " wall and the"), List.of(continuation, continuation));
        assertThat(sums(units.get(0), 0)).containsExactly(expected, within(2e-3));
        JsonObject lossless = commands.json().element("choices", 0);
        assertThat(count(lossless, "accuracy")).isEqualTo(best(expected) == 0 ? 1 : 0);
        assertThat(lossless.has("accuracyNorm")).isFalse();
        assertThat(lossless.has("perplexity")).isFalse();
    }

    @Test
    void aContinuationIsRightWhereItIsTheLikeliest() throws IOException {
        String context = "Once upon a time, there was a little girl named";
        String likeliest = whole.next(context);
        assertThat(likeliest).startsWith(" ");
        List<JsonObject> units = measure(
                "continuations.jsonl",
                "{\"context\":\"" + context + "\",\"continuation\":\"" + likeliest.strip() + "\"}",
                "",
                "{\"context\":\"" + context + "\",\"continuation\":\"of stone\"}");
        double first = whole.log(context, likeliest);
        double second = whole.log(context, " of stone");
        assertThat(sums(units.get(0), 0)).containsExactly(new double[] {first}, within(2e-3));
        assertThat(sums(units.get(1), 0)).containsExactly(new double[] {second}, within(2e-3));
        JsonObject lossless = commands.json().element("choices", 0);
        assertThat(count(lossless, "accuracy")).isEqualTo(1);
        assertThat(lossless.object("accuracy").integer("total", 0, 9)).isEqualTo(2);
        double perplexity = Math.exp(-(first + second) / 2);
        assertThat(lossless.number("perplexity", 1, 1e12)).isCloseTo(perplexity, within(perplexity * 2e-3));
        assertThat(lossless.has("accuracyNorm")).isFalse();
    }

    @Test
    void aLongContextLosesItsBeginningAndAnAnswerThatFitsNowhereIsLeftOut() throws IOException {
        String context = ("One day a bird saw a big tree and sang. ".repeat(40) + "Then the bird").strip();
        String tooLong = "go home and ".repeat(150).strip();
        List<JsonObject> units = measure(
                "long.jsonl",
                "{\"context\":\"" + context + "\",\"continuation\":\"flew away\"}",
                "{\"context\":\"" + STORY + "\",\"continuation\":\"" + tooLong + "\"}",
                "{\"context\":\"" + STORY + "\",\"continuation\":\"They played\"}");
        int[] all = whole.ids(context + " flew away");
        int behind = all.length - whole.ids(context).length;
        assertThat(all.length).isGreaterThan(300);
        int[] end = Arrays.copyOfRange(all, all.length - 257, all.length);
        end[0] = all[0];
        assertThat(sums(units.get(0), 0)).containsExactly(new double[] {whole.log(end, 257 - behind)}, within(2e-3));
        JsonObject lossless = commands.json().element("choices", 0);
        assertThat(lossless.object("accuracy").number("low", 0, 1)).isBetween(0.0, 0.1);
        assertThat(lossless.object("sameAsLossless").number("high", 0, 1)).isEqualTo(1);
        assertThat(lossless.integer("shortened", 0, 9)).isEqualTo(1);
        assertThat(lossless.integer("leftOut", 0, 9)).isEqualTo(1);
        assertThat(lossless.object("accuracy").integer("total", 0, 9)).isEqualTo(2);
    }

    @Test
    void printsATableForEachFile() throws IOException {
        Path one = file("one.jsonl", line("query", CAT, "choices", List.of("milk", "stones"), 0));
        Path two = file("two.jsonl", "{\"context\":\"" + STORY + "\",\"continuation\":\"They\"}");
        assertThat(commands.run("eval", "hearth-5m", "-q", "--choices=" + one + "," + two, "--link=int8"))
                .as(commands.err())
                .isZero();
        assertThat(commands.out())
                .containsSubsequence("one.jsonl: 1 items", "by length", "int8", "two.jsonl: 1 items", "perplexity");
        assertThat(commands.err()).isEmpty();
        assertThat(commands.run("eval", "hearth-5m", "--choices=" + one, "--choices=" + two, "--link=int8"))
                .isZero();
        assertThat(commands.err()).contains("cleave: one.jsonl, 100 %", "cleave: two.jsonl, 100 %");
    }

    @Test
    void whatIsNoItemIsNamedWithItsLine() throws IOException {
        String good = line("query", CAT, "choices", List.of("milk", "stones"), 0);
        malformed("no-gold", 2, "gold", good, "{\"query\":\"x\",\"choices\":[\"a\",\"b\"]}");
        malformed("no-query", 1, "query", "{\"choices\":[\"a\",\"b\"],\"gold\":0}");
        malformed("far-gold", 3, "0..1 is expected, found 2", good, good, good.replace(":0}", ":2}"));
        malformed("low-gold", 1, "found -1", good.replace(":0}", ":-1}"));
        malformed("one-choice", 1, "at least 2", line("query", CAT, "choices", List.of("milk"), 0));
        malformed("no-text", 1, "choices[1]", line("query", CAT, "choices", List.of("milk", " "), 0));
        malformed("number", 1, "choices[0]", "{\"query\":\"x\",\"choices\":[1,2],\"gold\":0}");
        malformed("no-continuation", 1, "continuation", "{\"context\":\"x\"}");
        malformed("other-fields", 1, "[prompt]", "{\"prompt\":\"x\"}");
        malformed("mixed", 2, "another kind", good, "{\"context\":\"x\",\"continuation\":\"y\"}");
        malformed("torn", 2, "JSON", good, good.substring(0, 20));
        malformed("blank", 2, "without an item", "");
        Path empty = Files.createFile(home.resolve("empty.jsonl"));
        fails(ExitCode.MALFORMED_FILE, "empty.jsonl, line 1", empty);
        fails(ExitCode.USAGE, "gone.jsonl", home.resolve("gone.jsonl"));
        fails(ExitCode.USAGE, "latin.jsonl", Files.write(home.resolve("latin.jsonl"), new byte[] {'{', (byte) 0xe9}));
    }

    @ParameterizedTest
    @ValueSource(strings = {"piqa", "arc_easy", "boolq", "hellaswag_val1000", "winogrande", "lambada_openai"})
    void theUsualFilesAreUnderstood(String name) {
        String shared = System.getProperty("cleave.shared", "");
        assumeTrue(!shared.isEmpty(), name + " is read where -Dcleave.shared tells its place");
        Path file = Path.of(shared, "data", name + ".jsonl");
        assertThat(commands.run("eval", "hearth-5m", "-q", "--json", "--link=int8", "--limit=4", "--choices=" + file))
                .as(commands.err())
                .isZero();
        JsonObject row = commands.json().element("choices", 1);
        assertThat(row.object("accuracy").integer("total", 0, 4) + row.integer("leftOut", 0, 4))
                .isEqualTo(4);
        assertThat(row.has("accuracyNorm")).isEqualTo(!name.startsWith("wino") && !name.startsWith("lamb"));
        assertThat(row.has("perplexity")).isEqualTo(name.startsWith("lamb"));
    }

    /** Evaluates with 8 bits on both sides, and returns what the file of finished work says of each item. */
    private List<JsonObject> measure(String name, String... lines) throws IOException {
        Path kept = home.resolve(name + ".done");
        assertThat(commands.run(
                        "eval",
                        "hearth-5m",
                        "--json",
                        "--quiet",
                        "--front-bits=8",
                        "--mode=exact",
                        "--link=tabq-24",
                        "--resume=" + kept,
                        "--choices=" + file(name, lines)))
                .as(commands.err())
                .isZero();
        List<String> done = Files.readAllLines(kept);
        List<JsonObject> units = new ArrayList<>();
        for (String line : done.subList(1, done.size())) {
            units.add(Json.parseObject(line.getBytes(StandardCharsets.UTF_8), name)
                    .object("scores"));
        }
        return units;
    }

    private static double[] sums(JsonObject scores, int branch) {
        return scores.element("branches", branch).list("sums").stream()
                .mapToDouble(each -> (double) each)
                .toArray();
    }

    private static double[] sums(List<String> contexts, List<String> answers) {
        double[] sums = new double[answers.size()];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = whole.log(contexts.get(i), answers.get(i));
        }
        return sums;
    }

    private static int best(double[] values) {
        int best = 0;
        for (int i = 0; i < values.length; i++) {
            best = values[i] > values[best] ? i : best;
        }
        return best;
    }

    private static long count(JsonObject row, String name) {
        return row.object(name).integer("count", 0, 100);
    }

    private void malformed(String name, int line, String message, String... lines) throws IOException {
        Path file = file(name + ".jsonl", lines);
        fails(ExitCode.MALFORMED_FILE, message, file);
        assertThat(commands.err()).contains(file + ", line " + line + ":");
    }

    private void fails(ExitCode code, String message, Path file) {
        assertThat(commands.run("eval", "hearth-5m", "--choices=" + file))
                .as(commands.err())
                .isEqualTo(code.number());
        assertThat(commands.err()).startsWith("cleave: ").contains(message).doesNotContain("\tat ");
        assertThat(commands.out()).isEmpty();
    }

    private static Path file(String name, String... lines) throws IOException {
        return Files.writeString(home.resolve(name), String.join("\n", lines) + "\n");
    }

    private static String line(String first, Object one, String second, Object two, int gold) {
        return "{" + field(first, one) + "," + field(second, two) + ",\"gold\":" + gold + "}";
    }

    private static String field(String name, Object value) {
        String text = value instanceof List<?> list
                ? "[\""
                        + String.join(
                                "\",\"", list.stream().map(Object::toString).toList()) + "\"]"
                : "\"" + value + "\"";
        return "\"" + name + "\":" + text.replace("\n", "\\n");
    }

    private static List<String> repeat(String text, int times) {
        return Collections.nCopies(times, text);
    }
}
