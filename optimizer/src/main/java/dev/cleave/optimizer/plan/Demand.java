package dev.cleave.optimizer.plan;

import dev.cleave.optimizer.ProfileException;
import dev.cleave.optimizer.profile.Checks;

/**
 * What is to be generated.
 *
 * @param promptTokens P, at least 1
 * @param answerTokens A, at least 1: a plan has room for P + A tokens
 * @param mostTokens greatest length W that a plan for the longest text may choose, P + A at least
 */
public record Demand(int promptTokens, int answerTokens, int mostTokens) {
    private static final int MOST = 1 << 24;

    /** Checks the ranges. */
    public Demand {
        Checks.within("demand.promptTokens", promptTokens, 1, MOST);
        Checks.within("demand.answerTokens", answerTokens, 1, MOST);
        Checks.within("demand.mostTokens", mostTokens, 1, MOST);
        if (mostTokens < promptTokens + answerTokens) {
            throw new ProfileException(
                    "demand.mostTokens", mostTokens, "at least prompt and answer, " + (promptTokens + answerTokens));
        }
    }

    /** Returns P + A. */
    public int leastTokens() {
        return promptTokens + answerTokens;
    }
}
