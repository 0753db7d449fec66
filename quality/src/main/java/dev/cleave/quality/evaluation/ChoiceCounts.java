package dev.cleave.quality.evaluation;

import dev.cleave.quality.evaluation.ChoiceItem.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/** Sums up the items of one file. */
final class ChoiceCounts {
    private final Kind kind;
    private final long[] right;
    private final long[] rightNorm;
    private final long[] same;
    private final double[] logs;
    private long total;
    private long shortened;
    private long leftOut;

    ChoiceCounts(Kind kind, int branches) {
        this.kind = kind;
        right = new long[branches];
        rightNorm = new long[branches];
        same = new long[branches];
        logs = new double[branches];
    }

    void add(ChoiceItem item, ChoiceScores scores) {
        if (scores.leftOut()) {
            leftOut++;
            return;
        }
        total++;
        shortened += scores.shortened() ? 1 : 0;
        ChoiceScores.Score lossless = scores.branches().get(0);
        for (int i = 0; i < right.length; i++) {
            ChoiceScores.Score branch = scores.branches().get(i);
            if (kind == Kind.CONTINUATION) {
                right[i] += branch.allRight() ? 1 : 0;
                same[i] += branch.tokens().equals(lossless.tokens()) ? 1 : 0;
                logs[i] += branch.sums()[0];
            } else {
                int choice = greatest(branch, answer -> 1);
                right[i] += choice == item.gold() ? 1 : 0;
                rightNorm[i] += greatest(branch, item::length) == item.gold() ? 1 : 0;
                same[i] += choice == greatest(lossless, answer -> 1) ? 1 : 0;
            }
        }
    }

    /** Returns the answer of the greatest log-probability, the first of those that are equal. */
    private static int greatest(ChoiceScores.Score branch, IntToDoubleFunction divisor) {
        int best = 0;
        for (int i = 1; i < branch.sums().length; i++) {
            if (branch.sums()[i] / divisor.applyAsDouble(i) > branch.sums()[best] / divisor.applyAsDouble(best)) {
                best = i;
            }
        }
        return best;
    }

    List<ChoiceResult> results(List<Branch> branches) {
        List<ChoiceResult> results = new ArrayList<>();
        for (int i = 0; i < right.length; i++) {
            results.add(new ChoiceResult(
                    branches.get(i).coding().name(),
                    Share.of(right[i], total),
                    kind == Kind.CHOICES ? Share.of(rightNorm[i], total) : null,
                    kind == Kind.CONTINUATION && total > 0 ? Math.exp(-logs[i] / total) : null,
                    Share.of(same[i], total),
                    shortened,
                    leftOut));
        }
        return results;
    }
}
