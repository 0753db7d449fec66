package dev.cleave.optimizer.profile;

import dev.cleave.optimizer.ProfileException;
import java.util.List;

/**
 * A link as it was: joint samples, so that a bad moment is bad in all respects.
 *
 * @param samples at least one, at most {@link #MOST_SAMPLES}
 * @param overheadBytes that topic, Protobuf, MQTT and TLS put round a step's payload upwards
 * @param idsBytes of a step that carries one token's id in place of activations, with its overhead
 */
public record LinkProfile(List<Sample> samples, int overheadBytes, int idsBytes) {
    /** A window of so many samples is kept. */
    public static final int MOST_SAMPLES = 256;

    private static final double MOST_MILLIS = 60_000;
    private static final double LEAST_RATE = 0.1;
    private static final double MOST_RATE = 1e8;
    private static final int MOST_OVERHEAD = 4096;

    /**
     * One moment of a link.
     *
     * @param roundTripMillis of a step without a payload, without the worker's time, 0..60000
     * @param bytesPerMilli upwards, 0.1..10⁸; measured on at least 64 KB
     * @param jitterMillis by which computing took longer than usual, 0..60000
     */
    public record Sample(double roundTripMillis, double bytesPerMilli, double jitterMillis) {
        /** Checks the ranges. */
        public Sample {
            Checks.within("roundTripMillis", roundTripMillis, 0, MOST_MILLIS);
            Checks.within("bytesPerMilli", bytesPerMilli, LEAST_RATE, MOST_RATE);
            Checks.within("jitterMillis", jitterMillis, 0, MOST_MILLIS);
        }
    }

    /** Checks the ranges. */
    public LinkProfile {
        if (samples.isEmpty() || samples.size() > MOST_SAMPLES) {
            throw new ProfileException("samples", samples.size() + " samples", "1.." + MOST_SAMPLES);
        }
        samples = Checks.copy(samples);
        Checks.within("overheadBytes", overheadBytes, 0, MOST_OVERHEAD);
        Checks.within("idsBytes", idsBytes, 0, MOST_OVERHEAD);
    }
}
