package dev.cleave.workbench.report;

import dev.cleave.generation.SplitConfig;
import dev.cleave.model.json.JsonWriter;
import dev.cleave.quality.evaluation.AnswerResult;
import dev.cleave.quality.evaluation.ChoiceResult;
import dev.cleave.quality.evaluation.Share;
import dev.cleave.quality.evaluation.TextResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What an evaluation found, for people and for programs. */
public final class EvaluationReport {
    private final String model;
    private final SplitConfig config;
    private final Map<String, List<TextResult>> texts = new LinkedHashMap<>();
    private final Map<String, List<ChoiceResult>> choices = new LinkedHashMap<>();
    private List<AnswerResult> answers = List.of();

    /** Begins a report. */
    public EvaluationReport(String model, SplitConfig config) {
        this.model = model;
        this.config = config;
    }

    /** Adds a text; the lossless link comes first. */
    public void add(String steps, List<TextResult> results) {
        texts.put(steps, results);
    }

    /** Adds answers; the lossless link comes first. */
    public void addAnswers(List<AnswerResult> results) {
        answers = results;
    }

    /** Adds choices of a file; the lossless link comes first. */
    public void addChoices(String file, List<ChoiceResult> results) {
        choices.put(file, results);
    }

    /** Returns one JSON object on one line: {@code text}, {@code answers}, {@code choices}, an element for each codec level. */
    public String json() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("model", model);
        fields.put("split", config.split());
        fields.put("frontBits", config.frontBits());
        fields.put("backBits", config.backBits());
        fields.put("mode", config.mode().label());
        fields.put("kv", config.kv().label());
        List<Object> rows = new ArrayList<>();
        texts.forEach((steps, results) -> results.forEach(result -> rows.add(row(steps, result, results.get(0)))));
        fields.put("text", rows);
        List<Object> answerRows = new ArrayList<>();
        for (AnswerResult result : answers) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("link", result.link());
            row.put("exactMatch", share(result.exact()));
            row.put("sameAsLossless", share(result.same()));
            answerRows.add(row);
        }
        fields.put("answers", answerRows);
        List<Object> choiceRows = new ArrayList<>();
        choices.forEach((file, results) -> results.forEach(result -> choiceRows.add(row(file, result))));
        fields.put("choices", choiceRows);
        return new String(JsonWriter.compact(fields), StandardCharsets.UTF_8) + "\n";
    }

    private static Map<String, Object> row(String steps, TextResult result, TextResult lossless) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("steps", steps);
        row.put("link", result.link());
        row.put("tokens", result.tokens());
        row.put("bitsPerValue", result.bitsPerValue());
        row.put("frameBytes", result.frameBytes());
        row.put("relativeError", result.relativeError());
        row.put("perplexity", result.perplexity());
        row.put("perplexityRise", rise(result, lossless));
        row.put("kl", result.kl());
        row.put("klAgainst16Bits", result.klAgainst16Bits());
        row.put("encodeMicros", result.encodeMicros());
        row.put("decodeMicros", result.decodeMicros());
        return row;
    }

    private static Map<String, Object> row(String file, ChoiceResult result) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("file", file);
        row.put("link", result.link());
        row.put("accuracy", share(result.accuracy()));
        row.put("accuracyNorm", result.accuracyNorm() == null ? null : share(result.accuracyNorm()));
        row.put("perplexity", result.perplexity());
        row.put("sameAsLossless", share(result.same()));
        row.put("shortened", result.shortened());
        row.put("leftOut", result.leftOut());
        return row;
    }

    private static Map<String, Object> share(Share share) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("count", share.count());
        fields.put("total", share.total());
        fields.put("share", share.share());
        fields.put("low", share.low());
        fields.put("high", share.high());
        return fields;
    }

    private static double rise(TextResult result, TextResult lossless) {
        return result.perplexity() / lossless.perplexity() - 1;
    }

    /** Returns tables. */
    public String text() {
        StringBuilder text = new StringBuilder();
        line(
                text,
                "%s, split %d, %d and %d bits, %s, KV %s",
                model,
                config.split(),
                config.frontBits(),
                config.backBits(),
                config.mode().label(),
                config.kv().label());
        texts.forEach((steps, results) -> texts(text, steps, results));
        if (!answers.isEmpty()) {
            line(text, "");
            line(text, "%-10s %22s %28s", "answers", "exact (95 %)", "same as lossless (95 %)");
            for (AnswerResult each : answers) {
                line(text, "%-10s %22s %28s", each.link(), percent(each.exact()), percent(each.same()));
            }
        }
        choices.forEach((file, results) -> choices(text, file, results));
        return text.toString();
    }

    private static void texts(StringBuilder text, String steps, List<TextResult> results) {
        boolean against16 = results.get(0).klAgainst16Bits() != null;
        boolean divergence = results.get(0).kl() != null;
        line(text, "");
        line(
                text,
                "%-10s %10s %10s %9s %11s %8s%s%s %9s %9s",
                steps,
                "bits/value",
                "bytes/tok",
                "error",
                "perplexity",
                "rise",
                divergence ? String.format("%10s", "KL") : "",
                against16 ? String.format("%10s", "kl16") : "",
                "enc µs",
                "dec µs");
        for (TextResult each : results) {
            line(
                    text,
                    "%-10s %10.3f %10.1f %8.2f%% %11.4f %7.2f%%%s%s %9.1f %9.1f",
                    each.link(),
                    each.bitsPerValue(),
                    each.frameBytes(),
                    100 * each.relativeError(),
                    each.perplexity(),
                    100 * rise(each, results.get(0)),
                    divergence ? String.format(Locale.ROOT, "%10.5f", each.kl()) : "",
                    against16 ? String.format(Locale.ROOT, "%10.5f", each.klAgainst16Bits()) : "",
                    each.encodeMicros(),
                    each.decodeMicros());
        }
    }

    private static void choices(StringBuilder text, String file, List<ChoiceResult> results) {
        ChoiceResult first = results.get(0);
        line(text, "");
        line(
                text,
                "%s: %d items, %d with a shortened context, %d left out",
                file,
                first.accuracy().total(),
                first.shortened(),
                first.leftOut());
        String second = first.perplexity() != null ? "perplexity" : first.accuracyNorm() != null ? "by length" : "";
        line(text, "%-10s %22s %22s %28s", "choices", "right (95 %)", second, "same as lossless (95 %)");
        for (ChoiceResult each : results) {
            String value = "";
            if (each.perplexity() != null) {
                value = String.format(Locale.ROOT, "%.3f", each.perplexity());
            } else if (each.accuracyNorm() != null) {
                value = percent(each.accuracyNorm());
            }
            line(text, "%-10s %22s %22s %28s", each.link(), percent(each.accuracy()), value, percent(each.same()));
        }
    }

    private static String percent(Share share) {
        return String.format(
                Locale.ROOT, "%.1f%% (%.1f–%.1f)", 100 * share.share(), 100 * share.low(), 100 * share.high());
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
