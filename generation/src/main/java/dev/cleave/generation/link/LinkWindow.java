package dev.cleave.generation.link;

import dev.cleave.optimizer.profile.LinkProfile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The last joint samples of a link: what was measured in one moment stays together. Made once; taking a sample allocates
 * nothing. For one thread.
 *
 * <p>Samples come from a {@link LinkProbe}, or from the steps of generations: a large step, such as a chunk of a prompt, with the
 * small one that follows it tells the bandwidth, which all small ones then go with.
 */
public final class LinkWindow {
    /** A step of fewer bytes is too small to tell bandwidth by; a chunk of 64 tokens of 192 values in float32 is large enough. */
    static final int LARGE_BYTES = 48 * 1024;

    /** Clocks and threads wake by such steps: a shorter time says nothing. */
    private static final double LEAST_MILLIS = 0.02;

    /** An id of one to three bytes, with its field's head. */
    private static final int ID_BYTES = 4;

    private static final double LEAST_RATE = 0.1;
    private static final double MOST_RATE = 1e8;
    private static final double MOST_MILLIS = 60_000;

    private final double[] roundTrip = new double[LinkProfile.MOST_SAMPLES];
    private final double[] rate = new double[LinkProfile.MOST_SAMPLES];
    private final double[] held = new double[LinkProfile.MOST_SAMPLES];
    private final int[] overhead = new int[LinkProfile.MOST_SAMPLES];
    private int next;
    private int count;

    // Of the last large step that no small one has followed yet.
    private double largeMillis;
    private long largeBytes;
    private double bandwidth;

    /**
     * Takes a sample. The newest drives out the oldest once there are {@link LinkProfile#MOST_SAMPLES}.
     *
     * @param roundTripMillis of an empty step, without the worker's time
     * @param bytesPerMilli upwards
     * @param heldMillis that the worker took for one token
     * @param overheadBytes round a step's payload
     */
    public void add(double roundTripMillis, double bytesPerMilli, double heldMillis, int overheadBytes) {
        roundTrip[next] = Math.min(MOST_MILLIS, Math.max(0, roundTripMillis));
        rate[next] = Math.min(MOST_RATE, Math.max(LEAST_RATE, bytesPerMilli));
        held[next] = heldMillis;
        overhead[next] = Math.max(0, overheadBytes);
        next = (next + 1) % roundTrip.length;
        count = Math.min(count + 1, roundTrip.length);
    }

    /**
     * Says what bandwidth is known from elsewhere, until a large step tells another: links of small models have none.
     *
     * @param bytesPerMilli upwards, greater than 0
     */
    public void bandwidth(double bytesPerMilli) {
        bandwidth = Math.min(MOST_RATE, Math.max(LEAST_RATE, bytesPerMilli));
    }

    /**
     * Takes a step that was the only one under way.
     *
     * @param tokens in it: only one of a single token is a sample, as the worker's time for others is not a token's
     * @param millis on the way, without the worker's time
     * @param heldMillis that the worker took
     * @param frameBytes of activations; 0 where the token's id was sent in their place
     * @param socketBytes upwards
     */
    public void step(int tokens, double millis, double heldMillis, long frameBytes, long socketBytes) {
        if (socketBytes >= LARGE_BYTES) {
            largeMillis = millis;
            largeBytes = socketBytes;
        } else if (tokens == 1) {
            if (largeBytes > 0) {
                bandwidth(bandwidth(largeBytes - socketBytes, largeMillis - millis));
                largeBytes = 0;
            }
            if (bandwidth > 0) {
                long payload = frameBytes == 0 ? ID_BYTES : frameBytes;
                add(millis - socketBytes / bandwidth, bandwidth, heldMillis, (int) (socketBytes - payload));
            }
        }
    }

    /** Returns bytes a ms, of what a large step has and takes more than a small one. */
    static double bandwidth(long bytes, double millis) {
        return bytes / Math.max(LEAST_MILLIS, millis);
    }

    /** Returns the number of samples. */
    public int count() {
        return count;
    }

    /**
     * Returns the samples as a profile. The jitter of a sample is what the worker took longer than the median.
     *
     * @throws IllegalStateException where there is no sample
     */
    public LinkProfile profile() {
        if (count == 0) {
            throw new IllegalStateException("no samples of the link yet");
        }
        double[] sorted = Arrays.copyOf(held, count);
        Arrays.sort(sorted);
        double usual = sorted[count / 2];
        int[] sizes = Arrays.copyOf(overhead, count);
        Arrays.sort(sizes);
        List<LinkProfile.Sample> samples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            double jitter = Math.min(MOST_MILLIS, Math.max(0, held[i] - usual));
            samples.add(new LinkProfile.Sample(roundTrip[i], rate[i], jitter));
        }
        int usualOverhead = sizes[count / 2];
        return new LinkProfile(samples, usualOverhead, usualOverhead + ID_BYTES);
    }
}
