package dev.cleave.generation;

import dev.cleave.optimizer.profile.LinkProfile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The last joint samples of a link: what was measured in one moment stays together. Made once; taking a sample allocates
 * nothing. For one thread.
 */
public final class LinkWindow {
    private static final double LEAST_RATE = 0.1;
    private static final double MOST_RATE = 1e8;
    private static final double MOST_MILLIS = 60_000;

    private final double[] roundTrip = new double[LinkProfile.MOST_SAMPLES];
    private final double[] rate = new double[LinkProfile.MOST_SAMPLES];
    private final double[] held = new double[LinkProfile.MOST_SAMPLES];
    private final int[] overhead = new int[LinkProfile.MOST_SAMPLES];
    private int next;
    private int count;

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

    /** Returns the number of samples. */
    public int count() {
        return count;
    }

    /**
     * Returns the samples as a profile. The jitter of a sample is what the worker took longer than the median.
     *
     * @param idBytes of a token's id in a step of split 0
     * @throws IllegalStateException where there is no sample
     */
    public LinkProfile profile(int idBytes) {
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
        return new LinkProfile(samples, usualOverhead, usualOverhead + idBytes);
    }
}
