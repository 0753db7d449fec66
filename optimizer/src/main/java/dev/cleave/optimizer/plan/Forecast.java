package dev.cleave.optimizer.plan;

/**
 * What a setting is to need.
 *
 * @param memory of the device, by part
 * @param token ms of a token at position W, by part: promised with probability 1 − ε
 * @param firstTokenMillis to the first token: promised with probability 1 − ε
 * @param expectedMillis a token of the answer on average, the first one's wait included
 * @param loss nats a token
 * @param bytesPerToken upwards for a token of the answer, the prompt's included
 * @param cloudMillisPerToken the cloud's time for a token of the answer, the prompt's included
 */
public record Forecast(
        Memory memory,
        TokenTime token,
        double firstTokenMillis,
        double expectedMillis,
        double loss,
        double bytesPerToken,
        double cloudMillisPerToken) {
    /**
     * Memory of the device, in bytes.
     *
     * @param base virtual machine, tokenizer; engine above split 0; MQTT below split L
     * @param weights embedding, layers, head at split L
     * @param kv keys and values of W tokens
     * @param workspace buffers, rotary table, calibration
     */
    public record Memory(long base, long weights, long kv, long workspace) {
        /** Returns the sum. */
        public long total() {
            return base + weights + kv + workspace;
        }
    }

    /**
     * Time of a token, in ms: as it usually is, by part, and what is kept in reserve.
     *
     * @param edge the device's layers
     * @param codec both ends
     * @param link round trip, bytes and jitter
     * @param cloud the cloud's layers and head
     * @param reserve for bad moments of all of them, in all but the share ε of tokens, and for what profiles are off
     */
    public record TokenTime(double edge, double codec, double link, double cloud, double reserve) {
        /** Returns the sum. */
        public double total() {
            return edge + codec + link + cloud + reserve;
        }
    }

    /** Returns what a constraint looks at. */
    public double value(Constraint constraint) {
        switch (constraint) {
            case MEMORY:
                return memory.total();
            case FIRST_TOKEN:
                return firstTokenMillis;
            case TOKEN:
                return token.total();
            default:
                return loss;
        }
    }
}
