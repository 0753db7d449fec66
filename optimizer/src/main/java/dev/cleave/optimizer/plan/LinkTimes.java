package dev.cleave.optimizer.plan;

import dev.cleave.optimizer.profile.LinkProfile;
import java.util.Arrays;
import java.util.List;

/**
 * How long a link takes: on average, and with probability 1 − ε. The quantile is that of whole moments, over joint samples (the
 * outage rule): round trip, bytes and jitter of the same moment belong together. Ours.
 */
final class LinkTimes {
    private static final double USUAL = 0.5;

    private final double[] roundTrip;
    private final double[] milliPerByte;
    private final double[] jitter;
    private final double[] scratch;
    private final int promisedRank;
    private final int usualRank;
    private final double overheadBytes;
    private final double meanRoundTrip;
    private final double meanMilliPerByte;
    private final double leastMilliPerByte;
    private final double mostMilliPerByte;
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
        promisedRank = rank(missShare, count);
        usualRank = rank(USUAL, count);
        overheadBytes = link.overheadBytes();
        meanRoundTrip = Arrays.stream(roundTrip).average().orElse(0);
        meanMilliPerByte = Arrays.stream(milliPerByte).average().orElse(0);
        leastMilliPerByte = Arrays.stream(milliPerByte).min().orElse(0);
        mostMilliPerByte = Arrays.stream(milliPerByte).max().orElse(0);
        meanJitter = Arrays.stream(jitter).average().orElse(0);
    }

    /** Returns where the least value stands that at least 1 − ε of the samples do not exceed. */
    private static int rank(double missShare, int count) {
        return Math.max(0, (int) Math.ceil((1 - missShare) * count - 1e-9) - 1);
    }

    /**
     * A step of one token.
     *
     * @param expected ms in the mean
     * @param usual ms in the middle of the samples
     * @param excess by how many ms the promised quantile is above that
     */
    record Step(double expected, double usual, double excess) {
        static final Step NONE = new Step(0, 0, 0);
    }

    /** Returns what a step with so many bytes takes. */
    Step step(double bytes) {
        for (int i = 0; i < scratch.length; i++) {
            scratch[i] = (bytes + overheadBytes) * milliPerByte[i] + roundTrip[i] + jitter[i];
        }
        double promised = quantile(promisedRank);
        double usual = quantile(usualRank);
        double expected = (bytes + overheadBytes) * meanMilliPerByte + meanRoundTrip + meanJitter;
        return new Step(expected, usual, promised - usual);
    }

    /**
     * Returns what the prompt takes.
     *
     * @param chunks of equal size
     * @param bytes of a chunk
     */
    Prefill prefill(int chunks, double bytes) {
        return new Prefill(chunks, bytes);
    }

    /**
     * Times to the first token: the chunks pass device, link and cloud like a pipeline, whose slowest part decides. Ours. The
     * quantile over the samples is worked out anew only where the link is the slowest part in some samples and not in others:
     * elsewhere it is one of two that do not depend on the machines.
     */
    final class Prefill {
        private final int more;
        private final double bytes;
        private final double expectedLink;

        /** Ms of a chunk on the link in the best and the worst sample. */
        private final double least;

        private final double most;

        /** Quantiles where the link is never the slowest part, and where it always is. */
        private double never = Double.NaN;

        private double always = Double.NaN;

        private Prefill(int chunks, double bytes) {
            this.more = chunks - 1;
            this.bytes = bytes + overheadBytes;
            this.expectedLink = this.bytes * meanMilliPerByte;
            this.least = this.bytes * leastMilliPerByte;
            this.most = this.bytes * mostMilliPerByte;
        }

        /** Returns the mean, from the ms of a chunk on the device, with the codec, and in the cloud. */
        double expected(double edge, double cloud) {
            double slowest = Math.max(edge, Math.max(expectedLink, cloud));
            return edge + cloud + expectedLink + more * slowest + meanRoundTrip + meanJitter;
        }

        /** Returns the promise, from the ms of a chunk on the device, with the codec, and in the cloud. */
        double promised(double edge, double cloud) {
            double machines = Math.max(edge, cloud);
            if (more == 0 || machines >= most) {
                if (Double.isNaN(never)) {
                    never = quantile(0, 0);
                }
                return edge + cloud + more * machines + never;
            }
            if (machines <= least) {
                if (Double.isNaN(always)) {
                    always = quantile(more, 0);
                }
                return edge + cloud + always;
            }
            return edge + cloud + quantile(more, machines);
        }

        /** Returns the quantile of the first chunk's way, and of so many further ones through the slowest part of the pipeline. */
        private double quantile(int further, double machines) {
            for (int i = 0; i < scratch.length; i++) {
                double link = bytes * milliPerByte[i];
                scratch[i] = link + further * Math.max(machines, link) + roundTrip[i] + jitter[i];
            }
            return LinkTimes.this.quantile(promisedRank);
        }
    }

    /** Hoare's selection: a whole sort would be most of a plan's time. */
    private double quantile(int rank) {
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
