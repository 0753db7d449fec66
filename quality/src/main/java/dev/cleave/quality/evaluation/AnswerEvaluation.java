package dev.cleave.quality.evaluation;

import dev.cleave.generation.loop.PromptEncoder;
import dev.cleave.model.ChatMessage;
import dev.cleave.model.json.Json;
import dev.cleave.model.json.JsonObject;
import dev.cleave.model.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/** Greedy answers against the ones that are expected, to the letter, and against those over the lossless link, id by id. */
public final class AnswerEvaluation {
    private final List<Answerer> answerers;
    private final Tokenizer tokenizer;
    private final PromptEncoder prompts;

    /**
     * A prompt and its answer.
     *
     * @param prompt as a user writes it
     * @param completion what is to come, exactly
     */
    public record Case(String prompt, String completion) {}

    /**
     * Evaluates a model in this process.
     *
     * @param maxTokens of an answer
     */
    public AnswerEvaluation(SplitModel model, Tokenizer tokenizer, PromptEncoder prompts, int maxTokens) {
        this(BranchAnswers.of(model, maxTokens), tokenizer, prompts);
    }

    /**
     * Evaluates a model wherever its parts are.
     *
     * @param answerers one for each quality, the lossless one first
     */
    public AnswerEvaluation(List<? extends Answerer> answerers, Tokenizer tokenizer, PromptEncoder prompts) {
        this.answerers = List.copyOf(answerers);
        this.tokenizer = tokenizer;
        this.prompts = prompts;
    }

    /**
     * Reads cases: a JSON object {@code {"prompt", "completion"}} on each line.
     *
     * @param limit reads at most so many
     * @throws dev.cleave.model.ModelException for a line that is none, naming it
     */
    public static List<Case> read(Path file, int limit) {
        List<Case> cases = new ArrayList<>();
        try (Stream<String> lines = Files.lines(file)) {
            int number = 0;
            for (String line : (Iterable<String>) lines::iterator) {
                number++;
                if (!line.isBlank() && cases.size() < limit) {
                    JsonObject each =
                            Json.parseObject(line.getBytes(StandardCharsets.UTF_8), file + ", line " + number);
                    cases.add(new Case(each.string("prompt"), each.string("completion")));
                }
            }
        } catch (IOException | java.io.UncheckedIOException e) {
            throw new EvaluationException(file + " cannot be read: " + e);
        }
        return cases;
    }

    /**
     * Answers every case over every branch.
     *
     * @param progress is told the cases that are done
     * @return a result for each branch, the lossless one first
     */
    public List<AnswerResult> run(List<Case> cases, LongConsumer progress) {
        return run(cases, EvaluationCheckpoint.none(), progress);
    }

    /** As {@link #run(List, LongConsumer)}, leaving out the cases that are finished already. */
    public List<AnswerResult> run(List<Case> cases, EvaluationCheckpoint checkpoint, LongConsumer progress) {
        int branches = answerers.size();
        long[] exact = new long[branches];
        long[] same = new long[branches];
        long done = 0;
        for (Case each : cases) {
            String unit = "answers " + done;
            Optional<JsonObject> before = checkpoint.find(unit);
            List<Verdict> verdicts = before.isPresent() ? read(before.get()) : judge(each);
            if (before.isEmpty()) {
                checkpoint.add(
                        unit, "branches", verdicts.stream().map(Verdict::json).toList());
            }
            for (int i = 0; i < branches; i++) {
                exact[i] += verdicts.get(i).exact() ? 1 : 0;
                same[i] += verdicts.get(i).same() ? 1 : 0;
            }
            progress.accept(++done);
        }
        List<AnswerResult> results = new ArrayList<>();
        for (int i = 0; i < branches; i++) {
            String name = answerers.get(i).link();
            results.add(new AnswerResult(name, Share.of(exact[i], done), Share.of(same[i], done)));
        }
        return results;
    }

    /** Of one answer over one branch. */
    private record Verdict(boolean exact, boolean same) {
        Map<String, Object> json() {
            return Map.of("exact", exact, "same", same);
        }
    }

    private List<Verdict> read(JsonObject unit) {
        List<Verdict> verdicts = new ArrayList<>();
        for (int i = 0; i < EvaluationCheckpoint.branches(unit, answerers.size()); i++) {
            JsonObject branch = unit.element("branches", i);
            verdicts.add(new Verdict(branch.bool("exact"), branch.bool("same")));
        }
        return verdicts;
    }

    private List<Verdict> judge(Case each) {
        int[] prompt = prompts.encode(Collections.singletonList(new ChatMessage("user", each.prompt())));
        List<Verdict> verdicts = new ArrayList<>();
        List<Integer> lossless = null;
        for (Answerer answerer : answerers) {
            List<Integer> ids = answerer.answer(prompt);
            lossless = lossless == null ? ids : lossless;
            verdicts.add(new Verdict(text(ids).equals(each.completion()), ids.equals(lossless)));
        }
        return verdicts;
    }

    private String text(List<Integer> ids) {
        return tokenizer.decode(ids.stream().mapToInt(Integer::intValue).toArray(), true);
    }
}
