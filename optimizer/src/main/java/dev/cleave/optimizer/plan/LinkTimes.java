package dev.cleave.optimizer.plan;

import dev.cleave.optimizer.profile.LinkProfile;
import java.util.Arrays;
import java.util.List;

/**
 * How long a link takes: on average, and with probability 1 − ε. The quantile is that of whole moments, over joint samples (the
 * outage rule): round trip, bytes and jitter of the same moment belong together. Ours.
 */
final class LinkTimes {
    private final double[] roundTrip;
    private final double[] milliPerByte;
    private final double[] jitter;
    private final double[] scratch;
    private final int rank;
    private final double overheadBytes;
    private final double meanRoundTrip;
    private final double meanMilliPerByte;
    private final double meanJitter;

    LinkTimes(LinkProfile link, double missShare) {
        List<LinkProfile.Sample> samples = link.samples();
        int count = samples.size();
        roundTrip = new double[count];
        milliPerByte = new double[count];
        jitter = new double[count];
        scratch = new double[count];
        for (int i = 0; i < count; i++) {
            roundTrip[i] = samples.get(i).roundTripMillis();
            milliPerByte[i] = 1 / samples.get(i).bytesPerMilli();
            jitter[i] = samples.get(i).jitterMillis();
        }
        // The least value that at least 1 − ε of the samples do not exceed.
        rank = Math.max(0, (int) Math.ceil((1 - missShare) * count - 1e-9) - 1);
        overheadBytes = link.overheadBytes();
        meanRoundTrip = Arrays.stream(roundTrip).average().orElse(0);
        meanMilliPerByte = Arrays.stream(milliPerByte).average().orElse(0);
        meanJitter = Arrays.stream(jitter).average().orElse(0);
    }

    /** Returns the promised ms of a step with so many bytes. */
    double promisedStep(double bytes) {
        for (int i = 0; i < scratch.length; i++) {
            scratch[i] = (bytes + overheadBytes) * milliPerByte[i] + roundTrip[i] + jitter[i];
        }
        return quantile();
    }

    double expectedStep(double bytes) {
        return (bytes + overheadBytes) * meanMilliPerByte + meanRoundTrip + meanJitter;
    }

    /**
     * Returns the promised ms to the first token: the chunks pass device, link and cloud like a pipeline, whose slowest part
     * decides. Ours.
     *
     * @param chunks of equal size
     * @param edge ms of a chunk on the device, with the codec
     * @param bytes of a chunk
     * @param cloud ms of a chunk in the cloud
     */
    double promisedPrefill(int chunks, double edge, double bytes, double cloud) {
        for (int i = 0; i < scratch.length; i++) {
            double link = (bytes + overheadBytes) * milliPerByte[i];
            scratch[i] = pipeline(chunks, edge, link, cloud) + roundTrip[i] + jitter[i];
        }
        return quantile();
    }

    double expectedPrefill(int chunks, double edge, double bytes, double cloud) {
        double link = (bytes + overheadBytes) * meanMilliPerByte;
        return pipeline(chunks, edge, link, cloud) + meanRoundTrip + meanJitter;
    }

    private static double pipeline(int chunks, double edge, double link, double cloud) {
        return edge + link + cloud + (chunks - 1) * Math.max(edge, Math.max(link, cloud));
    }

    /** Hoare's selection: a whole sort would be most of a plan's time. */
    private double quantile() {
        int low = 0;
        int high = scratch.length - 1;
        while (low < high) {
            double pivot = scratch[(low + high) >>> 1];
            int i = low;
            int j = high;
            while (i <= j) {
                while (scratch[i] < pivot) {
                    i++;
                }
                while (scratch[j] > pivot) {
                    j--;
                }
                if (i <= j) {
                    double swap = scratch[i];
                    scratch[i++] = scratch[j];
                    scratch[j--] = swap;
                }
            }
            if (rank <= j) {
                high = j;
            } else if (rank >= i) {
                low = i;
            } else {
                break;
            }
        }
        return scratch[rank];
    }
}
