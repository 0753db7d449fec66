package dev.cleave.edge.plan;

import dev.cleave.optimizer.profile.LinkProfile;
import java.util.Collections;

/**
 * A link that is supposed rather than measured.
 *
 * @param bitsPerSecond upwards
 * @param roundTripMillis of an empty step
 * @param jitterMillis added to every step
 */
public record LinkShape(double bitsPerSecond, double roundTripMillis, double jitterMillis) {
    /** Round a step's payload: topic, Protobuf and MQTT with names of usual length; measured. */
    public static final int OVERHEAD_BYTES = 80;

    /** Of a step with one token's id, with all that stands round it; measured. */
    public static final int IDS_BYTES = 84;

    private static final double BITS_PER_MILLI = 8e3;

    /** Returns it as a profile of a single sample. */
    public LinkProfile profile() {
        LinkProfile.Sample sample =
                new LinkProfile.Sample(roundTripMillis, bitsPerSecond / BITS_PER_MILLI, jitterMillis);
        return new LinkProfile(Collections.singletonList(sample), OVERHEAD_BYTES, IDS_BYTES);
    }
}
