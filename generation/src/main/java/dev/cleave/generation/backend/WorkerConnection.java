package dev.cleave.generation.backend;

import dev.cleave.generation.Traffic;
import dev.cleave.generation.link.LinkWindow;
import dev.cleave.transport.SessionRequest;
import dev.cleave.transport.StepFinish;
import dev.cleave.transport.TransportException;
import dev.cleave.transport.device.DeviceLink;
import dev.cleave.transport.device.DeviceSession;
import dev.cleave.transport.device.StepReply;

/**
 * The session of a backend: opened when a step needs it, under the next epoch where it had been open before. This is where a
 * replay of kept frames will stand: between the opening and the first new step.
 */
public final class WorkerConnection {
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double MICROS_PER_MILLI = 1e3;

    private final DeviceLink link;
    private final SessionState state;
    private final SessionRequest request;
    private DeviceSession session;

    private final LinkWindow window = new LinkWindow();
    // When nothing was under way last.
    private StepMeter counted;
    private int steps;
    private long socketBytes;

    /**
     * Creates a connection that is opened when a step needs it.
     *
     * @param request of every opening; its epoch is the state's
     */
    public WorkerConnection(DeviceLink link, SessionState state, SessionRequest request) {
        this.link = link;
        this.state = state;
        this.request = request;
    }

    /** Opens a session where none is open, and returns whether that was necessary. */
    public boolean ensureOpen() {
        if (session != null) {
            return false;
        }
        session = link.open(new SessionRequest(
                request.device(),
                request.session(),
                state.nextEpoch(),
                request.modelHash(),
                request.shape(),
                request.sampling(),
                request.stopIds()));
        socketBytes = link.traffic().bytesUp();
        return true;
    }

    /** Returns whether a session was opened and not closed; it may be dead all the same. */
    boolean isOpen() {
        return session != null;
    }

    DeviceSession session() {
        return session;
    }

    /** Waits for the oldest step under way, of which one id is expected where it was to be sampled. */
    public void receive(StepResult sampled, StepMeter meter) {
        StepReply reply = session.receive();
        long cloud = reply.heldMicros() * 1_000L;
        meter.add(StepMeter.CLOUD, cloud);
        meter.add(StepMeter.LINK, Math.max(0, reply.roundTripNanos() - cloud));
        if (reply.count() > 1) {
            throw new TransportException(
                    TransportException.Reason.PROTOCOL,
                    "the worker " + session.worker() + " answered a step that asks for one token at most with "
                            + reply.count(),
                    null);
        }
        if (session.underWay() == 0) {
            observe(reply, meter);
        }
        sampled.set(reply.count() == 0 ? -1 : reply.id(0), reply.finish());
    }

    /** Of several steps under way each waits for the others: only one that was alone tells what the link does. */
    private void observe(StepReply reply, StepMeter meter) {
        if (counted != meter) {
            // Another generation.
            counted = meter;
            steps = 0;
        }
        long up = link.traffic().bytesUp();
        if (meter.steps() == steps + 1 && reply.finish() != StepFinish.CANCELLED) {
            double held = reply.heldMicros() / MICROS_PER_MILLI;
            window.step(
                    meter.stepTokens(),
                    Math.max(0, reply.roundTripNanos() / NANOS_PER_MILLI - held),
                    held,
                    meter.stepBytes(),
                    up - socketBytes);
        }
        steps = meter.steps();
        socketBytes = up;
    }

    /** Returns what the steps have told of the link. */
    public LinkWindow window() {
        return window;
    }

    public Traffic traffic() {
        return new Traffic(link.traffic().bytesUp(), link.traffic().bytesDown());
    }

    public long socketBytes() {
        return link.traffic().bytesUp() + link.traffic().bytesDown();
    }

    public void close() {
        if (session != null) {
            session.close();
            session = null;
        }
    }
}
