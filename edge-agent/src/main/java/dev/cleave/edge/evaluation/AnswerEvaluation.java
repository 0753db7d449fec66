package dev.cleave.edge.evaluation;

import dev.cleave.edge.CliException;
import dev.cleave.edge.ExitCode;
import dev.cleave.generation.PromptEncoder;
import dev.cleave.model.ChatMessage;
import dev.cleave.model.Output;
import dev.cleave.model.json.Json;
import dev.cleave.model.json.JsonObject;
import dev.cleave.model.sampling.Sampler;
import dev.cleave.model.sampling.SamplingOptions;
import dev.cleave.model.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.FloatBuffer;
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
    private final SplitModel model;
    private final Tokenizer tokenizer;
    private final PromptEncoder prompts;
    private final int maxTokens;
    private final Sampler greedy;

    /**
     * A prompt and its answer.
     *
     * @param prompt as a user writes it
     * @param completion what is to come, exactly
     */
    public record Case(String prompt, String completion) {}

    /**
     * Evaluates a model.
     *
     * @param maxTokens of an answer
     */
    public AnswerEvaluation(SplitModel model, Tokenizer tokenizer, PromptEncoder prompts, int maxTokens) {
        this.model = model;
        this.tokenizer = tokenizer;
        this.prompts = prompts;
        this.maxTokens = maxTokens;
        greedy = new Sampler(model.bundle().architecture().vocabulary(), SamplingOptions.GREEDY);
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
            throw new CliException(ExitCode.USAGE, file + " cannot be read: " + e);
        }
        return cases;
    }

    /**
     * Answers every case over every lane.
     *
     * @param progress is told the cases that are done
     * @return a result for each lane, the lossless one first
     */
    public List<AnswerResult> run(List<Case> cases, LongConsumer progress) {
        return run(cases, FinishedWork.none(), progress);
    }

    /** As {@link #run(List, LongConsumer)}, leaving out the cases that are finished already. */
    public List<AnswerResult> run(List<Case> cases, FinishedWork finished, LongConsumer progress) {
        int lanes = model.lanes().size();
        long[] exact = new long[lanes];
        long[] same = new long[lanes];
        long done = 0;
        for (Case each : cases) {
            String unit = "answers " + done;
            Optional<JsonObject> before = finished.find(unit);
            List<Verdict> verdicts = before.isPresent() ? read(before.get()) : judge(each);
            if (before.isEmpty()) {
                finished.add(unit, "lanes", verdicts.stream().map(Verdict::json).toList());
            }
            for (int i = 0; i < lanes; i++) {
                exact[i] += verdicts.get(i).exact() ? 1 : 0;
                same[i] += verdicts.get(i).same() ? 1 : 0;
            }
            progress.accept(++done);
        }
        List<AnswerResult> results = new ArrayList<>();
        for (int i = 0; i < lanes; i++) {
            String name = model.lanes().get(i).coding().name();
            results.add(new AnswerResult(name, Share.of(exact[i], done), Share.of(same[i], done)));
        }
        return results;
    }

    /** Of one answer over one lane. */
    private record Verdict(boolean exact, boolean same) {
        Map<String, Object> json() {
            return Map.of("exact", exact, "same", same);
        }
    }

    private List<Verdict> read(JsonObject unit) {
        List<Verdict> verdicts = new ArrayList<>();
        for (int i = 0; i < FinishedWork.lanes(unit, model.lanes().size()); i++) {
            JsonObject lane = unit.element("lanes", i);
            verdicts.add(new Verdict(lane.bool("exact"), lane.bool("same")));
        }
        return verdicts;
    }

    private List<Verdict> judge(Case each) {
        int[] prompt = prompts.encode(Collections.singletonList(new ChatMessage("user", each.prompt())));
        List<Verdict> verdicts = new ArrayList<>();
        List<Integer> lossless = null;
        for (Lane lane : model.lanes()) {
            List<Integer> ids = answer(lane, prompt);
            lossless = lossless == null ? ids : lossless;
            verdicts.add(new Verdict(text(ids).equals(each.completion()), ids.equals(lossless)));
        }
        return verdicts;
    }

    private List<Integer> answer(Lane lane, int[] prompt) {
        List<Integer> stops = model.bundle().stopIds();
        int room = model.bundle().architecture().context() - prompt.length;
        FloatBuffer logits = null;
        for (int from = 0; from < prompt.length; from += model.chunk()) {
            int count = Math.min(model.chunk(), prompt.length - from);
            boolean last = from + count == prompt.length;
            logits = lane.run(model.hidden(prompt, from, count, from), count, from, last ? Output.LAST : Output.NONE);
        }
        List<Integer> ids = new ArrayList<>();
        int[] next = new int[1];
        while (true) {
            next[0] = greedy.sample(logits, 0, prompt.length + ids.size());
            if (stops.contains(next[0])) {
                return ids;
            }
            ids.add(next[0]);
            if (ids.size() >= Math.min(maxTokens, room)) {
                return ids;
            }
            int position = prompt.length + ids.size() - 1;
            int before = ids.size() > 1 ? ids.get(ids.size() - 2) : -1;
            logits = lane.runKnown(model.hidden(next, 0, 1, position), next[0], before, position, Output.LAST);
        }
    }

    private String text(List<Integer> ids) {
        return tokenizer.decode(ids.stream().mapToInt(Integer::intValue).toArray(), true);
    }
}
