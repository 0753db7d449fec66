package dev.cleave.bench.link;

import dev.cleave.bench.Machine;
import dev.cleave.codec.LinkQuality;
import dev.cleave.edge.evaluation.AnswerEvaluation;
import dev.cleave.edge.evaluation.AnswerResult;
import dev.cleave.edge.evaluation.SplitModel;
import dev.cleave.edge.evaluation.TextEvaluation;
import dev.cleave.edge.evaluation.TextEvaluation.Steps;
import dev.cleave.edge.evaluation.TextResult;
import dev.cleave.engine.onnx.OnnxEngineOptions;
import dev.cleave.engine.onnx.OnnxSegmentEngine;
import dev.cleave.generation.Cut;
import dev.cleave.generation.PromptEncoder;
import dev.cleave.model.Mode;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.chat.RoleMarkers;
import dev.cleave.model.tokenizer.Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Writes the tables of every link quality at several splits of a bundle.
 *
 * <p>Arguments: the bundle's folder, a text, a file of answers or {@code -}, the splits with commas, the file to write.
 */
public final class LinkTable {
    private static final int WINDOW = 256;
    private static final int ANSWER_TOKENS = 128;

    private final StringBuilder markdown = new StringBuilder();

    private LinkTable() {}

    /** Measures and writes. */
    public static void main(String[] args) throws Exception {
        Bundle bundle = Bundle.open(Path.of(args[0]));
        LinkTable table = new LinkTable();
        table.line("# What a link quality costs: %s", bundle.name());
        table.line("");
        table.line(
                "Front 4 bits, back 8 bits, `fast`. Text: `%s` in windows of %d tokens, each token predicted from those before it"
                        + " in its window. *prompt*: the activations cross in chunks of up to 128 tokens; *decode*: one by one."
                        + " Bits a value count codes and what describes them; bytes a token the whole frame, header and checksum"
                        + " included. Rise: of the perplexity, against the lossless link. KL: of the predictions from the"
                        + " lossless link's, nats a token. Times: this machine, one thread, µs a token.",
                Path.of(args[1]).getFileName(),
                Math.min(WINDOW, bundle.architecture().context()));
        try (OnnxSegmentEngine engine = new OnnxSegmentEngine(OnnxEngineOptions.DEFAULT.withThreads(1))) {
            for (String split : args[3].split(",")) {
                table.split(engine, bundle, Integer.parseInt(split), args);
            }
        }
        table.line("");
        table.line("%s", Machine.line("bench/run link.LinkTable BUNDLE TEXT ANSWERS " + args[3] + " FILE"));
        Files.writeString(Path.of(args[4]), table.markdown);
        System.exit(0);
    }

    private void split(OnnxSegmentEngine engine, Bundle bundle, int split, String[] args) throws Exception {
        Tokenizer tokenizer = Tokenizer.of(bundle.tokenizerJson());
        Cut cut = new Cut(split, 4, 8, LinkQuality.of("lossless"), Mode.FAST);
        int[] ids = tokenizer.encode(Files.readString(Path.of(args[1])), false);
        List<int[]> windows = TextEvaluation.windows(
                ids,
                Math.min(WINDOW, bundle.architecture().context()),
                bundle.bosId().orElse(-1));
        try (SplitModel model = new SplitModel(engine, bundle, cut, LinkQuality.all())) {
            for (Steps steps : Steps.values()) {
                System.err.println("split " + split + ", " + steps);
                texts(split, steps, new TextEvaluation(model).run(windows, steps, done -> {}));
            }
            if (!args[2].equals("-")) {
                System.err.println("split " + split + ", answers");
                PromptEncoder prompts = bundle.roleMarkers()
                        .map(json -> PromptEncoder.chat(tokenizer, RoleMarkers.read(json, "role-markers.json")))
                        .orElseGet(() -> PromptEncoder.raw(tokenizer));
                answers(new AnswerEvaluation(model, tokenizer, prompts, ANSWER_TOKENS)
                        .run(AnswerEvaluation.read(Path.of(args[2]), Integer.MAX_VALUE), done -> {}));
            }
        }
    }

    private void texts(int split, Steps steps, List<TextResult> results) {
        line("");
        line("## Split %d, %s", split, steps.name().toLowerCase(Locale.ROOT));
        line("");
        line("%d tokens predicted.", results.get(0).tokens());
        line("");
        line("| link | bits a value | bytes a token | relative error | perplexity | rise | KL | encode | decode |");
        line("|---|---:|---:|---:|---:|---:|---:|---:|---:|");
        for (TextResult each : results) {
            line(
                    "| `%s` | %.2f | %.1f | %.2f %% | %.3f | %.2f %% | %.5f | %.1f | %.1f |",
                    each.link(),
                    each.bitsPerValue(),
                    each.frameBytes(),
                    100 * each.relativeError(),
                    each.perplexity(),
                    100 * (each.perplexity() / results.get(0).perplexity() - 1),
                    each.kl(),
                    each.encodeMicros(),
                    each.decodeMicros());
        }
    }

    private void answers(List<AnswerResult> results) {
        line("");
        line(
                "%d prompts with known answers, greedy; intervals at 95 %%:",
                results.get(0).exact().total());
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

    private void line(String format, Object... values) {
        markdown.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
