package dev.cleave.transport.device;

import dev.cleave.transport.BrokerOptions;
import dev.cleave.transport.SessionRequest;
import dev.cleave.transport.Timeouts;
import dev.cleave.transport.TrafficCounter;
import java.time.Duration;
import java.util.Map;

/** A device's connection to its broker; sessions share it. Safe for many threads. */
public interface DeviceLink extends AutoCloseable {
    /**
     * Connects.
     *
     * @param device name, [A-Za-z0-9_-]{1,16}
     * @throws dev.cleave.transport.TransportException where the broker cannot be reached or refuses the login
     */
    static DeviceLink connect(BrokerOptions broker, String device, Timeouts timeouts) {
        MqttDeviceLink link = new MqttDeviceLink(broker, device, timeouts);
        link.connect();
        return link;
    }

    /**
     * Returns a link that connects when its first session is opened, and fails then where the broker cannot be reached.
     *
     * @param device name, [A-Za-z0-9_-]{1,16}
     */
    static DeviceLink whenOpened(BrokerOptions broker, String device, Timeouts timeouts) {
        return new MqttDeviceLink(broker, device, timeouts);
    }

    /**
     * Opens a session with whichever worker the broker chooses.
     *
     * @param request names this link's device
     * @throws dev.cleave.transport.TransportException where no worker answers in time, or it refuses
     */
    DeviceSession open(SessionRequest request);

    /**
     * Returns what workers of a model have published of their machines; a worker that died may have left its own. The bytes come
     * from strangers: read them with care.
     *
     * @param modelHash 64 hex digits
     * @param limit of the wait for the first one
     * @return for each worker at most 98304 bytes, for at most 64 workers; empty where none came
     * @throws dev.cleave.transport.TransportException where the connection breaks, or the broker forbids the topic
     */
    Map<String, byte[]> profiles(String modelHash, Duration limit);

    /** Returns the bytes through the connection's socket so far. */
    TrafficCounter traffic();

    /** Closes the sessions that are left, and the connection. */
    @Override
    void close();
}
