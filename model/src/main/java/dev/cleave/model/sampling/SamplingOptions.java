package dev.cleave.model.sampling;

/**
 * How a token is chosen.
 *
 * @param temperature 0 is greedy: the greatest logit, of equal ones the lowest id; otherwise 0.01..10
 * @param topK keep the k greatest, 0 keeps all
 * @param topP then keep the fewest whose probabilities reach p, in (0, 1]; 1 keeps all
 * @param seed of the generator; position p draws from (seed, p), so that a replay draws the same
 */
public record SamplingOptions(float temperature, int topK, float topP, long seed) {
    /** Greedy. */
    public static final SamplingOptions GREEDY = new SamplingOptions(0, 0, 1, 0);
}
