package dev.cleave.transport.worker;

import dev.cleave.transport.BrokerOptions;
import dev.cleave.transport.TrafficCounter;
import java.util.concurrent.Executor;

/** A worker's connection to its broker: it takes openings, runs steps in order and answers. Safe for many threads. */
public interface WorkerLink extends AutoCloseable {
    /**
     * Connects and subscribes. The link reconnects by itself until it is closed; sessions do not outlive a connection.
     *
     * @param sessions opens sessions
     * @param executor runs openings and steps: at most one step of a session at a time
     * @throws dev.cleave.transport.TransportException where the broker cannot be reached or refuses the login
     */
    static WorkerLink start(BrokerOptions broker, WorkerOptions options, WorkerSessions sessions, Executor executor) {
        return new MqttWorkerLink(broker, options, sessions, executor);
    }

    /** Returns the number of open sessions. */
    int sessions();

    /** Returns whether the connection to the broker stands. */
    boolean connected();

    /** Stops taking openings: leaves the shared subscription and says so in its presence. Open sessions go on. */
    void drain();

    /**
     * Tells devices what the worker's machine takes: a retained message, which stays through reconnections until the link closes.
     *
     * @param profile 1..98304 bytes that are not changed any more
     * @throws IllegalArgumentException for more bytes, or none
     */
    void publishProfile(byte[] profile);

    /** Returns the bytes through the connection's socket so far. */
    TrafficCounter traffic();

    /** Ends the sessions that are left with an error to their devices, then the connection. */
    @Override
    void close();
}
