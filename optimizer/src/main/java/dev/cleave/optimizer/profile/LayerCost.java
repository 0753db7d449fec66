package dev.cleave.optimizer.profile;

/**
 * What one layer costs at one width.
 *
 * @param packedBytes of its weights in memory, at least 1
 * @param decode ms of one token at a position
 * @param prefill ms of one token within a full chunk, at a position
 */
public record LayerCost(long packedBytes, Line decode, Line prefill) {
    private static final long MOST_BYTES = 1L << 40;

    /** Checks the ranges. */
    public LayerCost {
        Checks.within("packedBytes", packedBytes, 1, MOST_BYTES);
    }
}
