package dev.cleave.transport.worker;

import dev.cleave.proto.Presence;
import dev.cleave.transport.RefusalCode;
import dev.cleave.transport.internal.MqttLink;
import dev.cleave.transport.internal.Protocol;

/**
 * How many sessions a worker takes on, and what it says of that: while it is full or about to stop it is not among those that
 * share the openings.
 */
final class SessionSlots {
    private final MqttLink link;
    private final WorkerOptions options;
    private final Outbox outbox;
    private Presence.State state = Presence.State.READY;
    private boolean stopped;
    private int taken;

    SessionSlots(MqttLink link, WorkerOptions options, Outbox outbox) {
        this.link = link;
        this.options = options;
        this.outbox = outbox;
    }

    /** Joins, and says that the worker is here; waits. */
    void begin(boolean draining) {
        if (draining) {
            drain();
        } else {
            link.subscribe(Protocol.sharedOpenFilter(options.modelHash()));
        }
        byte[] presence;
        synchronized (this) {
            presence = WorkerMessages.presence(state, options, taken);
        }
        outbox.deliver(
                Protocol.workerPresence(options.worker()),
                presence,
                options.timeouts().connect());
    }

    /**
     * Takes a slot.
     *
     * @throws SessionRefusal where none is left
     */
    synchronized void take() {
        if (state == Presence.State.DRAINING || stopped) {
            throw new SessionRefusal(RefusalCode.DRAINING, "the worker is about to stop", true);
        }
        if (taken == options.maxSessions()) {
            throw new SessionRefusal(
                    RefusalCode.FULL, "the worker serves " + options.maxSessions() + " sessions already", true);
        }
        taken++;
        settle();
    }

    /** Gives one back. */
    synchronized void leave() {
        taken--;
        settle();
    }

    /** Takes no more openings, for good. */
    synchronized void drain() {
        become(Presence.State.DRAINING);
    }

    /** Says that the worker is gone. */
    synchronized void stop() {
        stopped = true;
        outbox.publishLast(Protocol.workerPresence(options.worker()), Protocol.GONE);
    }

    private void settle() {
        become(taken == options.maxSessions() ? Presence.State.FULL : Presence.State.READY);
    }

    private void become(Presence.State next) {
        if (stopped || state == next || state == Presence.State.DRAINING) {
            return;
        }
        state = next;
        String filter = Protocol.sharedOpenFilter(options.modelHash());
        if (next == Presence.State.READY) {
            link.subscribeSoon(filter);
        } else {
            link.unsubscribeSoon(filter);
        }
        outbox.publish(Protocol.workerPresence(options.worker()), WorkerMessages.presence(next, options, taken));
    }
}
