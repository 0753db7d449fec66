package dev.cleave.cloud.fleet;

import dev.cleave.optimizer.ProfileException;
import dev.cleave.optimizer.profile.Checks;
import java.time.Duration;
import java.util.List;

/**
 * A fleet and its cloud.
 *
 * @param devices with names of their own, 1..{@link #MOST_DEVICES}
 * @param capacity of the cloud that all requests name
 * @param effort when to leave off
 */
public record FleetRequest(List<FleetDevice> devices, Capacity capacity, Effort effort) {
    /** Most devices. */
    public static final int MOST_DEVICES = 10_000;

    /** Settings that are looked at for all devices together, at most. */
    public static final double MOST_SETTINGS = 2e8;

    /**
     * When to leave off.
     *
     * @param time for the solver
     * @param gap between the costs and the least that is possible, relative, at which an answer is good enough, 0..1
     */
    public record Effort(Duration time, double gap) {
        /** Ten seconds, one in a thousand. */
        public static final Effort DEFAULT = new Effort(Duration.ofSeconds(10), 1e-3);

        /** Checks the ranges. */
        public Effort {
            Checks.within(
                    "effort.timeMillis", time.toMillis(), 1, Duration.ofHours(1).toMillis());
            Checks.within("effort.gap", gap, 0, 1);
        }
    }

    /** Checks the number of devices, and that no two have the same name. */
    public FleetRequest {
        if (devices.isEmpty() || devices.size() > MOST_DEVICES) {
            throw new ProfileException("devices", devices.size() + " devices", "1.." + MOST_DEVICES);
        }
        devices = Checks.distinct("devices", devices, FleetDevice::name);
    }
}
