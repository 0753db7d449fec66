package dev.cleave.workbench.command;

import dev.cleave.codec.CodecLevel;
import dev.cleave.edge.CliException;
import dev.cleave.edge.ExitCode;
import dev.cleave.edge.cli.Context;
import dev.cleave.edge.cli.Converters;
import dev.cleave.edge.cli.LinkOptions;
import dev.cleave.edge.cli.Models;
import dev.cleave.edge.cli.OutputOptions;
import dev.cleave.edge.cli.Texts;
import dev.cleave.edge.cli.WorkBar;
import dev.cleave.edge.session.Prompts;
import dev.cleave.generation.SplitConfig;
import dev.cleave.model.EngineOptions;
import dev.cleave.model.EngineProvider;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.tokenizer.Tokenizer;
import dev.cleave.quality.evaluation.AnswerEvaluation;
import dev.cleave.quality.evaluation.BrokerAnswers;
import dev.cleave.quality.evaluation.BrokerTexts;
import dev.cleave.quality.evaluation.ChoiceEvaluation;
import dev.cleave.quality.evaluation.ChoiceFile;
import dev.cleave.quality.evaluation.EvaluationCheckpoint;
import dev.cleave.quality.evaluation.EvaluationException;
import dev.cleave.quality.evaluation.EvaluationSettings;
import dev.cleave.quality.evaluation.SplitModel;
import dev.cleave.quality.evaluation.TextEvaluation;
import dev.cleave.quality.evaluation.TextResult;
import dev.cleave.transport.device.DeviceLink;
import dev.cleave.workbench.report.EvaluationReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.LongConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures what codec levels cost in quality, through the real segments and the real codec. */
@Command(
        name = "eval",
        description = {
            "Measure what a codec level does to a divided model: perplexity of a text, exact answers to prompts,"
                    + " right choices among answers.",
            "Both segments run here, with the codec between them as on a link; no broker is needed, unless --via says so."
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
            names = "--choices",
            paramLabel = "FILE",
            split = ",",
            description = {
                "Questions whose likeliest answer is looked at, one on each line: {\"query\", \"choices\", \"gold\"},"
                        + " {\"context\", \"continuation\"} or {\"context_options\", \"continuation\", \"gold\"}."
            })
    private List<Path> choices = new ArrayList<>();

    @Option(
            names = "--reference",
            description =
                    "Also hold the text's predictions to those of segments of 16 bits, which the bundle must have.")
    private boolean reference;

    @Option(
            names = "--resume",
            paramLabel = "FILE",
            description = "Keep what is done in FILE, and leave out what FILE says is done.")
    private Path resume;

    @Option(
            names = "--link",
            paramLabel = "QUALITY",
            split = ",",
            converter = Converters.Link.class,
            completionCandidates = Converters.LinkNames.class,
            description =
                    "Qualities beside the lossless one: ${COMPLETION-CANDIDATES} (default: all that the bundle has).")
    private List<CodecLevel> links = new ArrayList<>();

    @Mixin
    private EvalSplit divided;

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
            description =
                    "Look at the first N windows of the text, answers, and items of each file of choices (default: all).")
    private int limit = Integer.MAX_VALUE;

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            defaultValue = "128",
            description = "Tokens of an answer (default: ${DEFAULT-VALUE}).")
    private int maxTokens;

    @Option(
            names = "--via",
            paramLabel = "WAY",
            defaultValue = "DIRECT",
            description =
                    "How activations get to the back segment: ${COMPLETION-CANDIDATES}: within this process, or through"
                            + " a broker to a worker that serves the same bundle (default: ${DEFAULT-VALUE}).")
    private Way via;

    @Mixin
    private LinkOptions broker;

    @Mixin
    private OutputOptions output;

    /** How activations get to the back segment. */
    enum Way {
        /** Within the process. */
        DIRECT,
        /** Through a broker. */
        MQTT
    }

    /** Creates the command. */
    public EvalCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        try {
            return evaluate();
        } catch (EvaluationException e) {
            throw new CliException(ExitCode.USAGE, e.getMessage());
        }
    }

    private int evaluate() {
        if (text == null && answers == null && choices.isEmpty()) {
            throw new CliException(
                    ExitCode.USAGE, "nothing to measure: name --text FILE, --answers FILE, --choices FILE, or several");
        }
        if (limit < 1 || maxTokens < 1) {
            throw new CliException(ExitCode.USAGE, "--limit " + limit + ", --max-tokens " + maxTokens + ": at least 1");
        }
        if (reference && text == null) {
            throw new CliException(ExitCode.USAGE, "--reference looks at the predictions of a text: name --text FILE");
        }
        Bundle bundle = Models.open(context.home(), model);
        SplitConfig config = divided.config(bundle);
        if (via == Way.MQTT) {
            return viaBroker(bundle, config);
        }
        SplitConfig config16 = reference ? EvalSplit.config16(bundle, config) : null;
        Tokenizer tokenizer = Tokenizer.of(bundle.tokenizerJson());
        EvaluationReport report = new EvaluationReport(bundle.name(), config);
        List<CodecLevel> all = links.isEmpty() ? available(bundle, config.split()) : links;
        List<ChoiceFile> files =
                choices.stream().map(file -> ChoiceFile.read(file, limit)).toList();
        try (EvaluationCheckpoint checkpoint = resume == null
                        ? EvaluationCheckpoint.none()
                        : EvaluationCheckpoint.open(
                                resume, settings(bundle, config, all).fields());
                SegmentEngine engine = EngineProvider.find().create(EngineOptions.DEFAULT);
                SplitModel split = new SplitModel(engine, bundle, config, all)) {
            if (text != null) {
                try (SplitModel bits16 = reference ? new SplitModel(engine, bundle, config16, List.of()) : null) {
                    texts(bundle, tokenizer, report, new TextEvaluation(split, bits16, checkpoint)::run);
                }
            }
            if (answers != null) {
                answers(
                        new AnswerEvaluation(
                                split,
                                tokenizer,
                                Prompts.choose(bundle, tokenizer, false).encoder(),
                                maxTokens),
                        checkpoint,
                        report);
            }
            for (int i = 0; i < files.size(); i++) {
                choices(files.get(i), "choices " + i, new ChoiceEvaluation(split, tokenizer), checkpoint, report);
            }
        }
        context.out().print(output.json ? report.json() : report.text());
        return ExitCode.OK.number();
    }

    private static List<CodecLevel> available(Bundle bundle, int split) {
        return bundle.calibrationFile(split).isPresent() ? CodecLevel.named() : CodecLevel.all();
    }

    /** A worker tells the probabilities of given tokens and keeps its other predictions. */
    private int viaBroker(Bundle bundle, SplitConfig config) {
        if (!choices.isEmpty() || reference || resume != null) {
            throw new CliException(
                    ExitCode.USAGE,
                    "--via MQTT measures --text FILE and --answers FILE; --choices, --reference and --resume are for"
                            + " --via DIRECT");
        }
        List<CodecLevel> all = SplitModel.losslessFirst(links.isEmpty() ? available(bundle, config.split()) : links);
        List<SplitConfig> over =
                all.stream().map(each -> divided.config(config.split(), each)).toList();
        Tokenizer tokenizer = Tokenizer.of(bundle.tokenizerJson());
        EvaluationReport report = new EvaluationReport(bundle.name(), config);
        String device = broker.deviceName(context.home());
        try (SegmentEngine engine = EngineProvider.find().create(EngineOptions.DEFAULT);
                DeviceLink link = DeviceLink.connect(broker.brokerOptions(), device, broker.timeouts())) {
            if (text != null) {
                texts(bundle, tokenizer, report, (windows, each, progress) -> {
                    List<TextResult> results = new ArrayList<>();
                    for (SplitConfig one : over) {
                        long before = (long) results.size() * tokens(windows);
                        try (BrokerTexts texts = BrokerTexts.open(engine, bundle, tokenizer, one, link, device)) {
                            results.add(
                                    texts.run(windows, each, done -> progress.accept((before + done) / over.size())));
                        }
                    }
                    return results;
                });
            }
            if (answers != null) {
                answers(engine, bundle, tokenizer, over, link, report);
            }
        }
        context.out().print(output.json ? report.json() : report.text());
        return ExitCode.OK.number();
    }

    private void answers(
            SegmentEngine engine,
            Bundle bundle,
            Tokenizer tokenizer,
            List<SplitConfig> over,
            DeviceLink link,
            EvaluationReport report) {
        List<BrokerAnswers> answerers = new ArrayList<>();
        try {
            for (SplitConfig each : over) {
                answerers.add(BrokerAnswers.open(
                        engine, bundle, tokenizer, each, link, broker.deviceName(context.home()), maxTokens));
            }
            AnswerEvaluation evaluation = new AnswerEvaluation(
                    answerers,
                    tokenizer,
                    Prompts.choose(bundle, tokenizer, false).encoder());
            answers(evaluation, EvaluationCheckpoint.none(), report);
        } finally {
            answerers.forEach(BrokerAnswers::close);
        }
    }

    private EvaluationSettings settings(Bundle bundle, SplitConfig config, List<CodecLevel> all) {
        EvaluationSettings settings = new EvaluationSettings(bundle, config, all);
        if (text != null) {
            settings.file("text", text);
            settings.value("window", windowSize(bundle));
            settings.value("reference", reference);
        }
        if (answers != null) {
            settings.file("answers", answers);
            settings.value("max-tokens", maxTokens);
        }
        for (int i = 0; i < choices.size(); i++) {
            settings.file("choices " + (i + 1), choices.get(i));
        }
        settings.weights(
                bundle,
                reference
                        ? List.of(config.frontBits(), config.backBits(), 16)
                        : List.of(config.frontBits(), config.backBits()));
        return settings;
    }

    private int windowSize(Bundle bundle) {
        int greatest = bundle.architecture().context();
        int size = window == null ? Math.min(greatest, 2048) : window;
        if (size < 2 || size > greatest) {
            throw new CliException(ExitCode.OUT_OF_RANGE, "--window " + size + " is outside 2.." + greatest);
        }
        return size;
    }

    /** Runs windows of a text, and tells the tokens that are done. */
    private interface TextRun {
        List<TextResult> run(List<int[]> windows, TextEvaluation.Steps steps, LongConsumer progress);
    }

    private static long tokens(List<int[]> windows) {
        return windows.stream().mapToLong(each -> each.length).sum();
    }

    private void texts(Bundle bundle, Tokenizer tokenizer, EvaluationReport report, TextRun evaluation) {
        int size = windowSize(bundle);
        int[] ids = tokenizer.encode(Texts.read(text), false);
        List<int[]> windows = TextEvaluation.windows(ids, size, bundle.bosId().orElse(-1));
        if (windows.isEmpty()) {
            throw new CliException(ExitCode.USAGE, text + " has " + ids.length + " tokens; at least 2 are needed");
        }
        List<int[]> some = windows.subList(0, Math.min(limit, windows.size()));
        long tokens = tokens(some);
        for (TextEvaluation.Steps each : steps) {
            String name = each.name().toLowerCase(Locale.ROOT);
            try (WorkBar bar =
                    WorkBar.count(context.err(), text.getFileName() + " as " + name, "tokens", output.quiet)) {
                List<TextResult> results = evaluation.run(some, each, done -> bar.advanced(done, tokens, ""));
                report.add(name, results);
            }
        }
    }

    private void answers(AnswerEvaluation evaluation, EvaluationCheckpoint checkpoint, EvaluationReport report) {
        List<AnswerEvaluation.Case> cases = AnswerEvaluation.read(answers, limit);
        try (WorkBar bar = WorkBar.count(context.err(), answers.getFileName().toString(), "answers", output.quiet)) {
            report.addAnswers(evaluation.run(cases, checkpoint, done -> bar.advanced(done, cases.size(), "")));
        }
    }

    private void choices(
            ChoiceFile file,
            String name,
            ChoiceEvaluation evaluation,
            EvaluationCheckpoint checkpoint,
            EvaluationReport report) {
        try (WorkBar bar = WorkBar.count(context.err(), file.shortName(), "items", output.quiet)) {
            report.addChoices(
                    file.name(), evaluation.run(file, name, checkpoint, done -> bar.advanced(done, file.size(), "")));
        }
    }
}
