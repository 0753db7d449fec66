package dev.cleave.bench.promise;

import java.util.Arrays;
import java.util.List;

/**
 * A device and a link that are emulated.
 *
 * @param megabits upwards and downwards, Mbit/s
 * @param roundTripMillis between device and broker
 * @param slowness k: how many times longer the device computes
 */
record Emulated(double megabits, double roundTripMillis, double slowness) {
    private static final double[] MEGABITS = {1, 10, 100};
    private static final double[] ROUND_TRIPS = {5, 40, 150};

    /** Returns all links with a slowness. */
    static List<Emulated> links(double slowness) {
        return Arrays.stream(MEGABITS)
                .boxed()
                .flatMap(megabits ->
                        Arrays.stream(ROUND_TRIPS).mapToObj(roundTrip -> new Emulated(megabits, roundTrip, slowness)))
                .toList();
    }
}
