package dev.cleave.transport.emulation;

/**
 * What an emulated link is like. Ours, and simple on purpose: every figure can be recomputed by hand.
 *
 * <p>Bandwidth is of what TCP carries: its headers, and those below, are not counted. Half the round trip lies on either way.
 * Jitter is drawn evenly from 0 to its limit and added to the way of each piece, and never lets one overtake another. A stall is
 * what a lost segment of {@link #SEGMENT_BYTES} costs: it, and all behind it on its connection, waits {@link #stallMillis()}, as
 * for the timer of a retransmission.
 *
 * @param upBitsPerSecond from the device, positive; infinite is no limit
 * @param downBitsPerSecond to the device, positive; infinite is no limit
 * @param roundTripMillis without sending and jitter, 0..60,000
 * @param jitterMillis most that is added to each way, 0..60,000
 * @param stallProbability that a segment is lost, 0..1
 */
public record LinkShape(
        double upBitsPerSecond,
        double downBitsPerSecond,
        double roundTripMillis,
        double jitterMillis,
        double stallProbability) {
    /** What one packet of Ethernet carries of a TCP stream, in bytes. */
    public static final int SEGMENT_BYTES = 1460;

    /** Loopback as it is. */
    public static final LinkShape NONE = new LinkShape(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, 0, 0, 0);

    private static final double MOST_MILLIS = 60_000;
    private static final double LEAST_STALL_MILLIS = 200;

    /** Checks the figures. */
    public LinkShape {
        positive("upBitsPerSecond", upBitsPerSecond);
        positive("downBitsPerSecond", downBitsPerSecond);
        within("roundTripMillis", roundTripMillis, MOST_MILLIS);
        within("jitterMillis", jitterMillis, MOST_MILLIS);
        within("stallProbability", stallProbability, 1);
    }

    /**
     * Returns a link as good in both directions, without jitter and loss.
     *
     * @param megabitsPerSecond 10^6 bits/s, positive
     * @param roundTripMillis 0..60,000
     */
    public static LinkShape of(double megabitsPerSecond, double roundTripMillis) {
        return new LinkShape(megabitsPerSecond * 1e6, megabitsPerSecond * 1e6, roundTripMillis, 0, 0);
    }

    /**
     * Returns this link at a share of its bandwidth in both directions.
     *
     * @param share positive; 0.1 is a tenth
     */
    public LinkShape withBandwidth(double share) {
        return new LinkShape(
                upBitsPerSecond * share, downBitsPerSecond * share, roundTripMillis, jitterMillis, stallProbability);
    }

    /** Returns how long a lost segment holds up its connection: two round trips, and 200 ms at least as in Linux. */
    public double stallMillis() {
        return Math.max(LEAST_STALL_MILLIS, 2 * roundTripMillis);
    }

    double bitsPerSecond(boolean up) {
        return up ? upBitsPerSecond : downBitsPerSecond;
    }

    private static void positive(String name, double value) {
        if (!(value > 0)) {
            throw new IllegalArgumentException(name + ": " + value + "; must be positive");
        }
    }

    private static void within(String name, double value, double most) {
        if (!(value >= 0 && value <= most)) {
            throw new IllegalArgumentException(name + ": " + value + "; must be within 0.." + most);
        }
    }
}
