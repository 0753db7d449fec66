package dev.cleave.quality.evaluation;

import dev.cleave.model.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the branches made of one item.
 *
 * @param shortened whether the context lost its beginning
 * @param branches the lossless one first; none where the item was left out
 */
record ChoiceScores(boolean shortened, List<Score> branches) {
    /**
     * One branch.
     *
     * @param sums log-probability of each answer
     * @param tokens of the answer, each with the likeliest at its place; none where there are several answers
     */
    record Score(double[] sums, List<Guess> tokens) {
        boolean allRight() {
            return tokens.stream().allMatch(each -> each.likeliest() == each.token());
        }
    }

    /** A token of an answer, and the one that the model holds for the likeliest there. */
    record Guess(int token, int likeliest) {}

    boolean leftOut() {
        return branches.isEmpty();
    }

    Map<String, Object> json() {
        List<Object> rows = new ArrayList<>();
        for (Score branch : branches) {
            List<Object> sums = new ArrayList<>();
            for (double sum : branch.sums()) {
                sums.add(EvaluationCheckpoint.written(sum));
            }
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("sums", sums);
            row.put("tokens", branch.tokens().stream().map(Guess::token).toList());
            row.put("likeliest", branch.tokens().stream().map(Guess::likeliest).toList());
            rows.add(row);
        }
        return Map.of("shortened", shortened, "branches", rows);
    }

    /** Reads what {@link #json()} wrote. */
    static ChoiceScores of(JsonObject fields, int expected) {
        List<Score> branches = new ArrayList<>();
        int found = fields.list("branches").isEmpty() ? 0 : EvaluationCheckpoint.branches(fields, expected);
        for (int i = 0; i < found; i++) {
            JsonObject row = fields.element("branches", i);
            double[] sums = new double[row.list("sums").size()];
            for (int j = 0; j < sums.length; j++) {
                sums[j] =
                        EvaluationCheckpoint.read(row, "sums", row.list("sums").get(j));
            }
            List<Guess> tokens = new ArrayList<>();
            for (int j = 0; j < row.list("tokens").size(); j++) {
                tokens.add(new Guess(id(row, "tokens", j), id(row, "likeliest", j)));
            }
            branches.add(new Score(sums, tokens));
        }
        return new ChoiceScores(fields.bool("shortened"), branches);
    }

    private static int id(JsonObject row, String name, int index) {
        List<Object> ids = row.list(name);
        return (int) EvaluationCheckpoint.read(row, name, index < ids.size() ? ids.get(index) : null);
    }
}
