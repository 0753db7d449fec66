package dev.cleave.edge.evaluation;

/** What one link quality did to one text. */
final class Tally {
    private long predicted;
    private double negativeLog;
    private double divergence;
    private long frames;
    private long bytes;
    private long values;
    private double squaredError;
    private double squaredNorm;
    private long encodeNanos;
    private long decodeNanos;

    /** Counts a frame: bytes with header, values in it, ‖x‖² and the relative error that the encoder reports. */
    void frame(int length, long count, double norm, double relativeError) {
        frames++;
        bytes += length;
        values += count;
        squaredNorm += norm;
        squaredError += relativeError * relativeError * norm;
    }

    void time(long encode, long decode) {
        encodeNanos += encode;
        decodeNanos += decode;
    }

    /** Counts a predicted token: its negative log-probability, and the divergence from the reference at its place, nats. */
    void predicted(double negative, double kl) {
        predicted++;
        negativeLog += negative;
        divergence += kl;
    }

    /**
     * Sums up.
     *
     * @param headerBytes of each frame, which are not the quality's
     * @param tokens that the frames carried
     */
    TextResult result(String quality, int headerBytes, long tokens) {
        return new TextResult(
                quality,
                predicted,
                Math.exp(negativeLog / predicted),
                divergence / predicted,
                8.0 * (bytes - headerBytes * frames) / values,
                (double) bytes / tokens,
                squaredNorm == 0 ? 0 : Math.sqrt(squaredError / squaredNorm),
                encodeNanos / 1e3 / tokens,
                decodeNanos / 1e3 / tokens);
    }
}
