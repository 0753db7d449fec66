package dev.cleave.optimizer.plan;

import dev.cleave.optimizer.ProfileException;
import dev.cleave.optimizer.profile.Checks;

/**
 * What is to be generated.
 *
 * @param promptTokens P, at least 1
 * @param answerTokens A, at least 1
 * @param leastTokens least length W that a plan must have room for, P + A at least
 * @param mostTokens greatest length W that a plan for the longest text may choose, {@code leastTokens} at least
 */
public record Demand(int promptTokens, int answerTokens, int leastTokens, int mostTokens) {
    private static final int MOST = 1 << 24;

    /** As the other, with room for prompt and answer and no more. */
    public Demand(int promptTokens, int answerTokens, int mostTokens) {
        this(promptTokens, answerTokens, promptTokens + answerTokens, mostTokens);
    }

    /** Checks the ranges. */
    public Demand {
        Checks.within("demand.promptTokens", promptTokens, 1, MOST);
        Checks.within("demand.answerTokens", answerTokens, 1, MOST);
        Checks.within("demand.leastTokens", leastTokens, 1, MOST);
        Checks.within("demand.mostTokens", mostTokens, 1, MOST);
        if (leastTokens < promptTokens + answerTokens) {
            throw new ProfileException(
                    "demand.leastTokens", leastTokens, "at least prompt and answer, " + (promptTokens + answerTokens));
        }
        if (mostTokens < leastTokens) {
            throw new ProfileException("demand.mostTokens", mostTokens, "at least demand.leastTokens, " + leastTokens);
        }
    }
}
