package dev.cleave.quality.evaluation;

import dev.cleave.model.ModelException;
import dev.cleave.model.Output;
import dev.cleave.model.json.JsonObject;
import dev.cleave.model.tokenizer.Tokenizer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Which of several answers a divided model holds for the likeliest, over every branch. What answers of an item have in common
 * at their beginning runs once. Texts begin behind the token that begins a text, where the model has one; a text that the
 * model's context does not hold loses its beginning, never its end.
 */
public final class ChoiceEvaluation {
    private final SplitModel model;
    private final Tokenizer tokenizer;
    private final int vocabulary;
    private final Softmax softmax;
    private int[] cached = {};

    /** Context and answer as ids; the answer begins at {@code from}, at least 1. */
    private record Line(int[] ids, int from) {}

    /** Evaluates a model. */
    public ChoiceEvaluation(SplitModel model, Tokenizer tokenizer) {
        this.model = model;
        this.tokenizer = tokenizer;
        vocabulary = model.bundle().architecture().vocabulary();
        softmax = new Softmax(vocabulary);
    }

    /**
     * Runs a file.
     *
     * @param name by which its items are known among what is finished
     * @param progress is told the items that are done
     * @return a result for each branch, the lossless one first
     */
    public List<ChoiceResult> run(
            ChoiceFile file, String name, EvaluationCheckpoint checkpoint, LongConsumer progress) {
        int branches = model.branches().size();
        ChoiceCounts counts = new ChoiceCounts(file.items().get(0).kind(), branches);
        for (int i = 0; i < file.size(); i++) {
            ChoiceItem item = file.items().get(i);
            Optional<JsonObject> before = checkpoint.find(name + " " + i);
            ChoiceScores scores =
                    before.isPresent() ? ChoiceScores.of(before.get().object("scores"), branches) : score(item);
            if (before.isEmpty()) {
                checkpoint.add(name + " " + i, "scores", scores.json());
            }
            counts.add(item, scores);
            progress.accept(i + 1);
        }
        return counts.results(model.branches());
    }

    private ChoiceScores score(ChoiceItem item) {
        int answers = item.continuations().size();
        List<Line> whole = new ArrayList<>();
        int longest = 0;
        for (int i = 0; i < answers; i++) {
            Line line = encode(item.contexts().get(i), item.continuations().get(i));
            whole.add(line);
            longest = Math.max(longest, line.ids().length - line.from());
        }
        int begin = model.bundle().bosId().isPresent() ? 1 : 0;
        int room = model.bundle().architecture().context() - begin - (longest - 1);
        if (room + begin < 1) {
            return new ChoiceScores(false, List.of());
        }
        List<ChoiceScores.Score> scores = new ArrayList<>();
        for (int i = 0; i < model.branches().size(); i++) {
            scores.add(new ChoiceScores.Score(new double[answers], new ArrayList<>()));
        }
        boolean shortened = false;
        cached = new int[0];
        for (int i = 0; i < answers; i++) {
            Line line = whole.get(i);
            shortened |= line.from() > room;
            Line fitting = fit(line, room);
            if (fitting.from() == 0) {
                throw new ModelException(
                        ModelException.Reason.MALFORMED,
                        item.source() + ": the context is empty, and "
                                + model.bundle().name() + " has no token that begins a text");
            }
            run(fitting, i, scores);
        }
        return new ChoiceScores(shortened, scores);
    }

    private Line encode(String context, String continuation) {
        int[] before = tokenizer.encode(context, false, false);
        int[] ids = tokenizer.encode(context + continuation, false, false);
        return new Line(ids, common(before, ids, Math.min(before.length, ids.length - 1)));
    }

    /** Keeps the last {@code room} ids of the context, and puts the beginning token in front. */
    private Line fit(Line line, int room) {
        int dropped = Math.max(0, line.from() - room);
        int[] rest = Arrays.copyOfRange(line.ids(), dropped, line.ids().length);
        if (model.bundle().bosId().isEmpty()) {
            return new Line(rest, line.from() - dropped);
        }
        int[] ids = new int[rest.length + 1];
        ids[0] = model.bundle().bosId().getAsInt();
        System.arraycopy(rest, 0, ids, 1, rest.length);
        return new Line(ids, line.from() - dropped + 1);
    }

    private void run(Line line, int answer, List<ChoiceScores.Score> scores) {
        int[] ids = line.ids();
        int answerAt = line.from() - 1;
        int end = ids.length - 1;
        int from = common(cached, ids, Math.min(cached.length, answerAt));
        while (from < end) {
            boolean context = from < answerAt;
            int count = Math.min(model.chunk(), (context ? answerAt : end) - from);
            FloatBuffer hidden = model.hidden(ids, from, count, from);
            for (int i = 0; i < scores.size(); i++) {
                Output output = context ? Output.NONE : Output.ALL;
                FloatBuffer logits = model.branches().get(i).run(hidden, count, from, output);
                for (int row = 0; row < count && !context; row++) {
                    add(scores.get(i), answer, logits, row, ids[from + row + 1]);
                }
            }
            from += count;
        }
        cached = Arrays.copyOf(ids, end);
    }

    private void add(ChoiceScores.Score score, int answer, FloatBuffer logits, int row, int token) {
        int at = row * vocabulary;
        score.sums()[answer] += logits.get(at + token) - softmax.logSum(logits, at);
        if (score.sums().length == 1) {
            score.tokens().add(new ChoiceScores.Guess(token, softmax.likeliest(logits, at)));
        }
    }

    private static int common(int[] a, int[] b, int most) {
        int equal = Arrays.mismatch(a, 0, most, b, 0, most);
        return equal < 0 ? most : equal;
    }
}
