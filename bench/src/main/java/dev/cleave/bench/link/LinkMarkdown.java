package dev.cleave.bench.link;

import dev.cleave.quality.evaluation.AnswerResult;
import dev.cleave.quality.evaluation.TextEvaluation.Steps;
import dev.cleave.quality.evaluation.TextResult;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes what was measured as Markdown. */
final class LinkMarkdown {
    private static final double ALLOWED_RISE = 0.01;

    /** Most bits a value that are to keep the rise, by model and split: TS with TAB-Q and entropy, tuned by steps. */
    private record Goal(double tabQ, double tunedPrompt, double tunedDecode) {}

    private static final Map<String, Goal> GOALS =
            Map.of("hearth-5m 6", new Goal(3.6, 2.2, 1.7), "stories260K 2", new Goal(4.2, 3.2, 2.4));

    private final StringBuilder markdown = new StringBuilder();

    private LinkMarkdown() {}

    /**
     * Writes.
     *
     * @param text name of the text's file
     * @param machine the line that ends it
     */
    static String of(List<SplitResults> results, String text, String machine) {
        LinkMarkdown page = new LinkMarkdown();
        page.line("# What a codec level costs");
        page.line("");
        page.summary(results);
        page.explanation(text);
        for (SplitResults each : results) {
            page.split(each);
        }
        page.line("");
        page.line("%s", machine);
        return page.markdown.toString();
    }

    private void summary(List<SplitResults> results) {
        line(
                "The cheapest quality that raises the perplexity by at most 1 %%, in bits a value (rise); *goal*: at most so many"
                        + " bits were to keep that.");
        line("");
        line("| model | split | | TS, TAB-Q, entropy | goal | tuned | goal |");
        line("|---|---:|---|---|---:|---|---:|");
        for (SplitResults each : results) {
            Goal goal = GOALS.get(each.model() + " " + each.split());
            for (Steps steps : Steps.values()) {
                double tuned = goal == null ? 0 : steps == Steps.PROMPT ? goal.tunedPrompt() : goal.tunedDecode();
                line(
                        "| %s | %d | %s | %s | %s | %s | %s |",
                        each.model(),
                        each.split(),
                        lower(steps),
                        cheapest(each, steps, SplitResults.TAB_Q),
                        goal == null ? "" : goal.tabQ(),
                        cheapest(each, steps, SplitResults.TUNED),
                        goal == null ? "" : tuned);
            }
        }
        line("");
    }

    private static String cheapest(SplitResults results, Steps steps, String beginning) {
        return results.cheapest(steps, beginning, ALLOWED_RISE)
                .map(each -> String.format(
                        Locale.ROOT,
                        "%.2f (%.2f %%): `%s`",
                        each.bitsPerValue(),
                        100 * results.rise(steps, each),
                        each.link()))
                .orElse("none");
    }

    private void explanation(String text) {
        line(
                "Front 4 bits, back 8 bits, `fast`. Text: `%s` in windows of %d tokens, each token predicted from those before it"
                        + " in its window; at some splits the whole text, at the others its first %d windows, as said there."
                        + " *prompt*: the activations cross in chunks of up to 128 tokens; *decode*: one by one, and the"
                        + " tuned levels use that the other end knows the token's id. Bits a value count codes and what"
                        + " describes them; bytes a token the whole frame, with the 12 bytes of header and checksum of the"
                        + " codec levels, which rivals do not have. `tabq-02` and `tabq-06` are left out."
                        + " Rise: of the perplexity, against the lossless link"
                        + " (float32). KL: of the predictions from the lossless link's, nats a token. Times: this machine,"
                        + " shared with other work, one thread, µs a token.",
                text, SplitMeasurement.WINDOW, SplitMeasurement.FEW_WINDOWS);
        line("");
        line(
                "Rivals, row by row and without a frame: `q8_0`, GGML's blocks of 32 (a float16 scale and 32 signed bytes);"
                        + " `int8-zstd`, 8 bits a value with minimum and scale of each token in bfloat16, each frame compressed by"
                        + " zstd at level 3; `int4`, the same in 4 bits, not compressed; `ts-4bit`, values of at least 5 times the"
                        + " token's rms apart (index and bfloat16), the rest in 4 bits; `tab-q-16`, no outliers apart, the fewest"
                        + " bits that keep a token's relative error of at most 16 %%, no entropy stage. `bf16` and `int8` are"
                        + " codec levels.");
        line("");
        line(
                "Gaussian: bits a value that a memoryless Gaussian source with the activations' mean and covariance needs at the"
                        + " row's mean squared error, by reverse water-filling; covariance and error of the same windows, without"
                        + " the first position of each. For that covariance the Gaussian is the worst case: a coder may need"
                        + " less, and a link that knows the token's id, or what the positions before hold, can beat it.");
        line("");
        line("Plots: rises below %s %%, and none, stand at %s %%.", LinkPlot.LEAST_RISE, LinkPlot.LEAST_RISE);
    }

    private void split(SplitResults results) {
        line("");
        line("## %s, split %d", results.model(), results.split());
        line("");
        line("![bits a value against the rise of the perplexity](%s)", results.plot());
        results.texts().forEach((steps, texts) -> texts(results, steps, texts));
        if (!results.answers().isEmpty()) {
            answers(results.answers());
        }
    }

    private void texts(SplitResults results, Steps steps, List<TextResult> texts) {
        line("");
        line(
                "%s: %d tokens predicted, %s.",
                steps == Steps.PROMPT ? "Prompt" : "Decode",
                texts.get(0).tokens(),
                results.whole() ? "the whole text" : "the first " + SplitMeasurement.FEW_WINDOWS + " windows");
        line("");
        line(
                "| link | bits a value | Gaussian | bytes a token | relative error | perplexity | rise | KL | encode | decode |");
        line("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        for (TextResult each : texts) {
            Double gaussian = results.gaussian().get(steps).get(each.link());
            line(
                    "| `%s` | %.2f | %s | %.1f | %.2f %% | %.3f | %.2f %% | %.5f | %.1f | %.1f |",
                    each.link(),
                    each.bitsPerValue(),
                    gaussian == null ? "–" : String.format(Locale.ROOT, "%.2f", gaussian),
                    each.frameBytes(),
                    100 * each.relativeError(),
                    each.perplexity(),
                    100 * results.rise(steps, each),
                    each.kl(),
                    each.encodeMicros(),
                    each.decodeMicros());
        }
    }

    private void answers(List<AnswerResult> results) {
        line("");
        line(
                "%d prompts with known answers, greedy, over %d links; intervals at 95 %%:",
                results.get(0).exact().total(), results.size());
        line("");
        line("| link | exactly right | id for id as over the lossless link |");
        line("|---|---:|---:|");
        for (AnswerResult each : results) {
            line(
                    "| `%s` | %.1f %% (%.1f–%.1f) | %.1f %% (%.1f–%.1f) |",
                    each.link(),
                    100 * each.exact().share(),
                    100 * each.exact().low(),
                    100 * each.exact().high(),
                    100 * each.same().share(),
                    100 * each.same().low(),
                    100 * each.same().high());
        }
    }

    private static String lower(Steps steps) {
        return steps.name().toLowerCase(Locale.ROOT);
    }

    private void line(String format, Object... values) {
        markdown.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
