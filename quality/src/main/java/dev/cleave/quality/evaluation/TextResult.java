package dev.cleave.quality.evaluation;

/**
 * One codec level on one text.
 *
 * @param link name of the quality
 * @param tokens predicted
 * @param perplexity e to the mean negative log-probability of a token
 * @param kl mean Kullback–Leibler divergence of its predictions from those of the lossless link, nats a token; null where the
 *     predictions stay with a worker
 * @param klAgainst16Bits the same from those of the model whose segments both have 16 bits, over the lossless link; null where
 *     that was not measured
 * @param bitsPerValue codes and what describes them, without the frame's fixed header and checksum
 * @param frameBytes of a token, with the header's share
 * @param relativeError ‖x − x̂‖ / ‖x‖ over all activations
 * @param encodeMicros µs a token
 * @param decodeMicros µs a token
 */
public record TextResult(
        String link,
        long tokens,
        double perplexity,
        Double kl,
        Double klAgainst16Bits,
        double bitsPerValue,
        double frameBytes,
        double relativeError,
        double encodeMicros,
        double decodeMicros) {
    /** Returns the same where nobody knows the divergence. */
    TextResult withoutDivergence() {
        return new TextResult(
                link,
                tokens,
                perplexity,
                null,
                null,
                bitsPerValue,
                frameBytes,
                relativeError,
                encodeMicros,
                decodeMicros);
    }
}
