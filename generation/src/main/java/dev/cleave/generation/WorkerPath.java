package dev.cleave.generation;

import dev.cleave.transport.SessionRequest;
import dev.cleave.transport.TransportException;
import dev.cleave.transport.device.DeviceLink;
import dev.cleave.transport.device.DeviceSession;
import dev.cleave.transport.device.StepReply;

/**
 * The session of a route: opened when a step needs it, under the next epoch where it had been open before. This is where a
 * replay of kept frames will stand: between the opening and the first new step.
 */
final class WorkerPath {
    private final DeviceLink link;
    private SessionRequest request;
    private DeviceSession session;

    /** @param request of the first opening */
    WorkerPath(DeviceLink link, SessionRequest request) {
        this.link = link;
        this.request = request;
    }

    /** Opens a session where none is open, and returns whether that was necessary. */
    boolean ensureOpen() {
        if (session != null) {
            return false;
        }
        session = link.open(request);
        request = new SessionRequest(
                request.device(),
                request.session(),
                request.epoch() + 1,
                request.modelHash(),
                request.shape(),
                request.sampling(),
                request.stopIds());
        return true;
    }

    DeviceSession session() {
        return session;
    }

    /** Waits for the oldest step under way, of which one id is expected where it was to be sampled. */
    void receive(Sampled sampled, StepMeter meter) {
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
        sampled.set(reply.count() == 0 ? -1 : reply.id(0), reply.finish());
    }

    Traffic traffic() {
        return new Traffic(link.traffic().bytesUp(), link.traffic().bytesDown());
    }

    long socketBytes() {
        return link.traffic().bytesUp() + link.traffic().bytesDown();
    }

    void close() {
        if (session != null) {
            session.close();
            session = null;
        }
    }
}
