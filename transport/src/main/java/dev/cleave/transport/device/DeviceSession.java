package dev.cleave.transport.device;

import dev.cleave.transport.SessionLimits;
import dev.cleave.transport.Step;

/**
 * A device's open session. Made for one thread; {@link #cancel} may come from any.
 *
 * <p>Steps are numbered by the session. A step's answer is awaited with {@link #receive()}, oldest first; as many may be
 * under way as the window allows, so that the next chunk of a prompt can be computed while the last one travels.
 */
public interface DeviceSession extends AutoCloseable {
    /** Returns the name of the worker that serves it. */
    String worker();

    /** Returns what the worker allows. */
    SessionLimits limits();

    /** Returns the number of steps under way: sent and not received. */
    int underWay();

    /**
     * Sends a step, a frame in chunks where it is larger than one may be.
     *
     * @throws IllegalStateException while the window is full: receive first
     * @throws dev.cleave.transport.TransportException where the session or the connection has ended
     */
    void send(Step step);

    /**
     * Waits for the answer to the oldest step under way.
     *
     * @return the answer; the same object every time, its contents hold until the next call
     * @throws dev.cleave.transport.TransportException where it does not come within the time limit, or the session ends
     */
    StepReply receive();

    /**
     * Asks the worker to stop what is under way; a waiting {@link #receive()} returns, at the latest after its time limit. The
     * session stays open. Each step is answered still; those that say {@code CANCELLED} may not have been computed, so the next
     * step starts at the position of the first of them. Steps sent later are not affected.
     */
    void cancel();

    /** Tells the worker, and leaves; waits at most the closing time limit. Does not throw where the broker is gone. */
    @Override
    void close();
}
