package dev.cleave.edge.session;

import dev.cleave.transport.BrokerOptions;
import dev.cleave.transport.Timeouts;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How a session gets to its worker.
 *
 * @param broker asked once, when the device's share of the model is open
 * @param device this device's name at the broker
 * @param timeouts of connection, opening and steps
 * @param offline what to do while broker or worker are out of reach; empty to fail
 */
public record WorkerAccess(BrokerSource broker, String device, Timeouts timeouts, Optional<Offline> offline) {
    /** Checks that nothing is missing. */
    public WorkerAccess {
        Objects.requireNonNull(broker);
        Objects.requireNonNull(device);
        Objects.requireNonNull(timeouts);
        Objects.requireNonNull(offline);
    }

    /** Tells the broker's address and login; it may wait for a broker that is only starting. */
    @FunctionalInterface
    public interface BrokerSource {
        /**
         * Returns the broker.
         *
         * @throws InterruptedException where the wait for it was interrupted
         */
        BrokerOptions get() throws InterruptedException;
    }

    /**
     * That the device goes on alone with the whole model, at the narrowest width that its memory takes.
     *
     * @param memoryBytes that the process may take; {@link Long#MAX_VALUE} for any
     * @param refused is told, for people, why a width does not fit
     */
    public record Offline(long memoryBytes, Consumer<String> refused) {}
}
