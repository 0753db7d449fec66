package dev.cleave.transport;

import java.util.List;

/**
 * What a device asks of a worker, or a worker is asked for.
 *
 * @param device name, [A-Za-z0-9_-]{1,16}
 * @param session name, [A-Za-z0-9_-]{8}
 * @param epoch which opening of the session, rising, from 1; of a device's request the least that it may have
 * @param modelHash 64 hex digits
 * @param shape how the model is cut
 * @param sampling how tokens are chosen
 * @param stopIds ids that end the text
 */
public record SessionRequest(
        String device,
        String session,
        int epoch,
        String modelHash,
        Shape shape,
        SamplingRequest sampling,
        List<Integer> stopIds) {

    /** Returns the same request for another opening. */
    public SessionRequest withEpoch(int another) {
        return new SessionRequest(device, session, another, modelHash, shape, sampling, stopIds);
    }

    /**
     * How a session cuts the model.
     *
     * @param split layers on the device, 0..L
     * @param frontBits width of the device's layers
     * @param backBits width of the worker's layers
     * @param exact whether segments compute with float activations
     * @param quality name of the codec level that the session begins with
     * @param maxLength tokens, prompt and answer together
     * @param calibration sha256 of the calibration that tuned levels use, 64 hex digits, or empty where none is used
     */
    public record Shape(
            int split, int frontBits, int backBits, boolean exact, String quality, int maxLength, String calibration) {
        /** As the other, without a calibration. */
        public Shape(int split, int frontBits, int backBits, boolean exact, String quality, int maxLength) {
            this(split, frontBits, backBits, exact, quality, maxLength, "");
        }
    }

    /** As {@code Sampling} in cleave.proto. */
    public record SamplingRequest(float temperature, int topK, float topP, long seed) {}
}
