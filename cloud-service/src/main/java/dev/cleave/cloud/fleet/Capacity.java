package dev.cleave.cloud.fleet;

import dev.cleave.optimizer.profile.Checks;

/**
 * What the cloud has for a fleet. Steps wait for each other the more, the fuller it is, and profiles know service times only: so
 * no more than a share of its time is given away, {@link #DEFAULT_UTILISATION} unless it is said. Ours; no model of queues.
 *
 * @param threads that compute steps at the same time, each as fast as in the cloud's profile
 * @param utilisation share of their time that is given away, above 0, at most 1
 * @param kvBytes for the keys and values of all sessions
 * @param sessions at once
 */
public record Capacity(int threads, double utilisation, long kvBytes, int sessions) {
    /** Share of the threads' time. */
    public static final double DEFAULT_UTILISATION = 0.7;

    private static final double MICROS = 1e6;

    /** Checks the ranges. */
    public Capacity {
        Checks.within("capacity.threads", threads, 1, 1 << 16);
        Checks.within("capacity.utilisation", utilisation, 0.01, 1);
        Checks.within("capacity.kvBytes", kvBytes, 0, 1L << 50);
        Checks.within("capacity.sessions", sessions, 0, 1 << 24);
    }

    /** Returns the same as a load that just fits. */
    public Load limit() {
        return new Load((long) Math.floor(threads * utilisation * MICROS), kvBytes, sessions);
    }
}
