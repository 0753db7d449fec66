package dev.cleave.bench.link;

import dev.cleave.chat.ModelTemplate;
import dev.cleave.codec.CodecLevel;
import dev.cleave.generation.SplitConfig;
import dev.cleave.generation.link.TunedLinks;
import dev.cleave.generation.loop.PromptEncoder;
import dev.cleave.model.Mode;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.tokenizer.Tokenizer;
import dev.cleave.quality.evaluation.AnswerEvaluation;
import dev.cleave.quality.evaluation.AnswerResult;
import dev.cleave.quality.evaluation.Coding;
import dev.cleave.quality.evaluation.SplitModel;
import dev.cleave.quality.evaluation.TextEvaluation;
import dev.cleave.quality.evaluation.TextEvaluation.Steps;
import dev.cleave.quality.evaluation.TextResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Measures the splits of one bundle. */
final class SplitMeasurement {
    /** Tokens of a window. */
    static final int WINDOW = 256;
    /** Windows that run where not the whole text does. */
    static final int FEW_WINDOWS = 25;
    /** Links over which prompts are answered. */
    static final List<String> ANSWERED =
            List.of("lossless", "int8", "tabq-16", "tuned-30", "tuned-43", "tuned-52", "tuned-62");

    private static final List<String> FIXED =
            List.of("bf16", "int8", "tabq-04", "tabq-08", "tabq-10", "tabq-12", "tabq-16", "tabq-24");
    private static final int ANSWER_TOKENS = 128;

    private final SegmentEngine engine;
    private final String name;
    private final Bundle bundle;
    private final Tokenizer tokenizer;
    private final List<int[]> windows;

    /** @param name of the model in results */
    SplitMeasurement(SegmentEngine engine, String name, Bundle bundle, Path text) throws IOException {
        this.engine = engine;
        this.name = name;
        this.bundle = bundle;
        tokenizer = Tokenizer.of(bundle.tokenizerJson());
        windows = TextEvaluation.windows(
                tokenizer.encode(Files.readString(text), false),
                Math.min(WINDOW, bundle.architecture().context()),
                bundle.bosId().orElse(-1));
    }

    /**
     * Measures.
     *
     * @param whole whether the whole text runs
     * @param answers file of prompts with answers, or null
     */
    SplitResults run(int split, boolean whole, Path answers) {
        SplitConfig config = new SplitConfig(split, 4, 8, CodecLevel.of("lossless"), Mode.FAST);
        List<int[]> some = whole ? windows : windows.subList(0, Math.min(FEW_WINDOWS, windows.size()));
        List<CodecLevel> links = Stream.concat(FIXED.stream().map(CodecLevel::of), CodecLevel.tuned().stream())
                .toList();
        Map<Steps, List<TextResult>> texts = new EnumMap<>(Steps.class);
        int width = bundle.architecture().hidden();
        try (SplitModel model = new SplitModel(engine, bundle, config, links, Rivals.all(width))) {
            for (Steps steps : Steps.values()) {
                System.err.println(name + ", split " + split + ", " + steps);
                texts.put(steps, new TextEvaluation(model).run(some, steps, done -> {}));
            }
        }
        System.err.println(name + ", split " + split + ", reference");
        List<AnswerResult> answered = answers == null ? List.of() : answers(config, answers);
        return new SplitResults(name, split, whole, texts, gaussian(config, some, links), answered);
    }

    private Map<Steps, Map<String, Double>> gaussian(SplitConfig config, List<int[]> some, List<CodecLevel> links) {
        GaussianReference reference = new GaussianReference(engine, bundle, config, some);
        int width = bundle.architecture().hidden();
        List<Coding> codings = new ArrayList<>();
        UnaryOperator<CodecLevel> tuned = TunedLinks.at(bundle, config.split());
        links.forEach(link -> codings.add(Coding.of(tuned.apply(link), width)));
        codings.addAll(Rivals.all(width));
        Map<Steps, Map<String, Double>> bits = new EnumMap<>(Steps.class);
        for (Steps steps : Steps.values()) {
            Map<String, Double> byName = new HashMap<>();
            codings.forEach(coding -> byName.put(coding.name(), reference.bits(coding, steps)));
            bits.put(steps, byName);
        }
        return bits;
    }

    private List<AnswerResult> answers(SplitConfig config, Path file) {
        System.err.println(name + ", split " + config.split() + ", answers");
        PromptEncoder prompts = ModelTemplate.of(bundle)
                .map(template -> PromptEncoder.chat(tokenizer, template))
                .orElseGet(() -> PromptEncoder.raw(tokenizer));
        List<CodecLevel> links = ANSWERED.stream().map(CodecLevel::of).toList();
        try (SplitModel model = new SplitModel(engine, bundle, config, links)) {
            return new AnswerEvaluation(model, tokenizer, prompts, ANSWER_TOKENS)
                    .run(AnswerEvaluation.read(file, Integer.MAX_VALUE), done -> {});
        }
    }
}
