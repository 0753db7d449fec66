package dev.cleave.optimizer.plan;

import dev.cleave.optimizer.profile.Checks;

/**
 * What a plan must keep. What is not limited is {@link #UNLIMITED}.
 *
 * @param memoryBytes M, of the device's process at its peak
 * @param firstTokenMillis from the prompt to the first token, with probability 1 − ε
 * @param tokenMillis D, each later token, at every position up to W, with probability 1 − ε
 * @param missShare ε, 0..0.5
 * @param loss greatest mean divergence KL from the widest weights over a lossless link, nats a token; ln(1 + rise of the perplexity)
 */
public record Budget(double memoryBytes, double firstTokenMillis, double tokenMillis, double missShare, double loss) {
    /** No limit. */
    public static final double UNLIMITED = Double.POSITIVE_INFINITY;

    /**
     * What is promised is so many times what is predicted: profile and text lie minutes apart, and machines and links drift. Nine of
     * ten forecasts are nearer than that (docs/results/latency.md). Ours.
     */
    public static final double MARGIN = 1.1;

    /** Nothing is limited; ε is 5 %. */
    public static final Budget NONE = new Budget(UNLIMITED, UNLIMITED, UNLIMITED, 0.05, UNLIMITED);

    /** Checks the ranges: a budget of nothing is a mistake. */
    public Budget {
        Checks.within("budget.memoryBytes", memoryBytes, 1, UNLIMITED);
        Checks.within("budget.firstTokenMillis", firstTokenMillis, 1e-6, UNLIMITED);
        Checks.within("budget.tokenMillis", tokenMillis, 1e-6, UNLIMITED);
        Checks.within("budget.missShare", missShare, 0, 0.5);
        Checks.within("budget.loss", loss, 0, UNLIMITED);
    }

    /** Returns the limit of a constraint. */
    public double limit(Constraint constraint) {
        switch (constraint) {
            case MEMORY:
                return memoryBytes;
            case FIRST_TOKEN:
                return firstTokenMillis;
            case TOKEN:
                return tokenMillis;
            default:
                return loss;
        }
    }

    /** Returns the same budget with another limit. */
    public Budget with(Constraint constraint, double limit) {
        return new Budget(
                constraint == Constraint.MEMORY ? limit : memoryBytes,
                constraint == Constraint.FIRST_TOKEN ? limit : firstTokenMillis,
                constraint == Constraint.TOKEN ? limit : tokenMillis,
                missShare,
                constraint == Constraint.LOSS ? limit : loss);
    }
}
