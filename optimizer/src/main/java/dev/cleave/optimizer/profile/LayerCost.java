package dev.cleave.optimizer.profile;

/**
 * What one layer costs at one width.
 *
 * @param packedBytes of its weights in memory, at least 1
 * @param decode ms of one token at a position
 * @param prefill ms of one token within a full chunk, at a position
 * @param shortPrefill ms of one token within a chunk of {@link #SHORT} tokens, at a position
 */
public record LayerCost(long packedBytes, Line decode, Line prefill, Line shortPrefill) {
    /** Tokens of a short chunk: engines take other ways there than for one token or for many. */
    public static final int SHORT = 16;

    private static final long MOST_BYTES = 1L << 40;

    /** Checks the ranges. */
    public LayerCost {
        Checks.within("packedBytes", packedBytes, 1, MOST_BYTES);
    }

    /**
     * Returns the ms of a chunk: linear between one token, a short chunk and a full one, and in proportion beyond. Ours.
     *
     * @param tokens of the chunk, at least 1
     * @param position in its middle
     * @param full tokens of a full chunk
     */
    public double chunkMillis(double tokens, double position, int full) {
        if (tokens >= full) {
            return tokens * prefill.at(position);
        }
        double one = decode.at(position);
        double some = SHORT * shortPrefill.at(position);
        double all = full * prefill.at(position);
        if (full <= SHORT) {
            return between(tokens, 1, one, full, all);
        }
        return tokens < SHORT ? between(tokens, 1, one, SHORT, some) : between(tokens, SHORT, some, full, all);
    }

    private static double between(double at, double from, double first, double to, double last) {
        return first + (last - first) * (at - from) / (to - from);
    }
}
