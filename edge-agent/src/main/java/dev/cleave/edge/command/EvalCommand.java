package dev.cleave.edge.command;

import dev.cleave.codec.LinkQuality;
import dev.cleave.edge.CliException;
import dev.cleave.edge.ExitCode;
import dev.cleave.edge.evaluation.AnswerEvaluation;
import dev.cleave.edge.evaluation.AnswerResult;
import dev.cleave.edge.evaluation.SplitModel;
import dev.cleave.edge.evaluation.TextEvaluation;
import dev.cleave.edge.evaluation.TextResult;
import dev.cleave.edge.report.EvaluationReport;
import dev.cleave.engine.onnx.OnnxEngineOptions;
import dev.cleave.engine.onnx.OnnxSegmentEngine;
import dev.cleave.generation.Cut;
import dev.cleave.generation.PromptEncoder;
import dev.cleave.model.Mode;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures what link qualities cost in quality, through the real segments and the real codec. */
@Command(
        name = "eval",
        description = {
            "Measure what a link quality does to a divided model: perplexity of a text, exact answers to prompts.",
            "Both segments run here, with the codec between them as on a link; no broker is needed."
        },
        sortOptions = false)
public final class EvalCommand implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "BUNDLE", description = "Name of a prepared model, or the folder of one.")
    private String model;

    @Option(names = "--text", paramLabel = "FILE", description = "Text whose perplexity is measured, in UTF-8.")
    private Path text;

    @Option(
            names = "--answers",
            paramLabel = "FILE",
            description = "Prompts with expected answers: {\"prompt\", \"completion\"} on each line.")
    private Path answers;

    @Option(
            names = "--link",
            paramLabel = "QUALITY",
            split = ",",
            converter = Converters.Link.class,
            completionCandidates = Converters.LinkNames.class,
            description =
                    "Qualities beside the lossless one: ${COMPLETION-CANDIDATES} (default: all that the bundle has).")
    private List<LinkQuality> links = new ArrayList<>();

    @Option(
            names = "--split",
            paramLabel = "LAYERS",
            description = "Layers in front, 1 to all but one (default: half).")
    private Integer split;

    @Option(names = "--front-bits", paramLabel = "BITS", defaultValue = "4", description = "Default: ${DEFAULT-VALUE}.")
    private int frontBits;

    @Option(names = "--back-bits", paramLabel = "BITS", defaultValue = "8", description = "Default: ${DEFAULT-VALUE}.")
    private int backBits;

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            defaultValue = "fast",
            converter = Converters.ModeName.class,
            completionCandidates = Converters.ModeNames.class,
            description = "How segments compute: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Mode mode;

    @Option(
            names = "--steps",
            paramLabel = "STEPS",
            defaultValue = "PROMPT,DECODE",
            split = ",",
            description =
                    "How the text crosses: ${COMPLETION-CANDIDATES}: in chunks, or token by token (default: both).")
    private List<TextEvaluation.Steps> steps;

    @Option(
            names = "--window",
            paramLabel = "TOKENS",
            description = "Tokens that see each other (default: the model's context, at most 2048).")
    private Integer window;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "Look at the first N windows of the text and the first N answers (default: all).")
    private int limit = Integer.MAX_VALUE;

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            defaultValue = "128",
            description = "Tokens of an answer (default: ${DEFAULT-VALUE}).")
    private int maxTokens;

    @Mixin
    private OutputOptions output;

    /** Creates the command. */
    public EvalCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (text == null && answers == null) {
            throw new CliException(ExitCode.USAGE, "nothing to measure: name --text FILE, --answers FILE, or both");
        }
        if (limit < 1 || maxTokens < 1) {
            throw new CliException(ExitCode.USAGE, "--limit " + limit + ", --max-tokens " + maxTokens + ": at least 1");
        }
        Bundle bundle = Models.open(context.home(), model);
        Cut cut = cut(bundle);
        Tokenizer tokenizer = Tokenizer.of(bundle.tokenizerJson());
        EvaluationReport report = new EvaluationReport(bundle.name(), cut);
        List<LinkQuality> all = links.isEmpty() ? available(bundle, cut.split()) : links;
        try (OnnxSegmentEngine engine = new OnnxSegmentEngine(OnnxEngineOptions.DEFAULT);
                SplitModel split = new SplitModel(engine, bundle, cut, all)) {
            if (text != null) {
                texts(bundle, split, tokenizer, report);
            }
            if (answers != null) {
                answers(bundle, split, tokenizer, report);
            }
        }
        context.out().print(output.json ? report.json() : report.text());
        return ExitCode.OK.number();
    }

    private static List<LinkQuality> available(Bundle bundle, int split) {
        return bundle.calibrationFile(split).isPresent() ? LinkQuality.named() : LinkQuality.all();
    }

    private Cut cut(Bundle bundle) {
        int layers = bundle.architecture().layers();
        int here = split == null ? layers / 2 : split;
        if (here < 1 || here >= layers) {
            throw new CliException(
                    ExitCode.OUT_OF_RANGE,
                    "--split " + here + " is outside 1.." + (layers - 1)
                            + ": only there do activations cross between two segments");
        }
        Cut cut = new Cut(here, frontBits, backBits, LinkQuality.of("lossless"), mode);
        cut.check(bundle);
        return cut;
    }

    private void texts(Bundle bundle, SplitModel split, Tokenizer tokenizer, EvaluationReport report) {
        int greatest = bundle.architecture().context();
        int size = window == null ? Math.min(greatest, 2048) : window;
        if (size < 2 || size > greatest) {
            throw new CliException(ExitCode.OUT_OF_RANGE, "--window " + size + " is outside 2.." + greatest);
        }
        int[] ids = tokenizer.encode(read(text), false);
        List<int[]> windows = TextEvaluation.windows(ids, size, bundle.bosId().orElse(-1));
        if (windows.isEmpty()) {
            throw new CliException(ExitCode.USAGE, text + " has " + ids.length + " tokens; at least 2 are needed");
        }
        List<int[]> some = windows.subList(0, Math.min(limit, windows.size()));
        long tokens = some.stream().mapToLong(each -> each.length).sum();
        for (TextEvaluation.Steps each : steps) {
            String name = each.name().toLowerCase(Locale.ROOT);
            try (WorkBar bar =
                    WorkBar.count(context.err(), text.getFileName() + " as " + name, "tokens", output.quiet)) {
                List<TextResult> results =
                        new TextEvaluation(split).run(some, each, done -> bar.advanced(done, tokens, ""));
                report.add(name, results);
            }
        }
    }

    private void answers(Bundle bundle, SplitModel split, Tokenizer tokenizer, EvaluationReport report) {
        List<AnswerEvaluation.Case> cases = AnswerEvaluation.read(answers, limit);
        PromptEncoder prompts = ChatTemplates.of(bundle)
                .map(template -> PromptEncoder.chat(tokenizer, template))
                .orElseGet(() -> PromptEncoder.raw(tokenizer));
        try (WorkBar bar = WorkBar.count(context.err(), answers.getFileName().toString(), "answers", output.quiet)) {
            List<AnswerResult> results = new AnswerEvaluation(split, tokenizer, prompts, maxTokens)
                    .run(cases, done -> bar.advanced(done, cases.size(), ""));
            report.addAnswers(results);
        }
    }

    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new CliException(ExitCode.USAGE, file + " cannot be read: " + e.getMessage());
        }
    }
}
