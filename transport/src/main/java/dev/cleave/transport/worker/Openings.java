package dev.cleave.transport.worker;

import com.google.protobuf.ByteString;
import dev.cleave.proto.OpenSession;
import dev.cleave.transport.RefusalCode;
import dev.cleave.transport.SessionRequest;
import dev.cleave.transport.internal.Protocol;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * What devices ask for. A device asks again where nobody answers, because not every broker says that nobody listens: the same
 * opening gets the same answer, and opens once. Of a session's openings the one of the highest epoch wins, in whatever order they
 * come and end.
 *
 * <p>Opening may load weights, which takes as long as a disk does: it has threads of its own, a few, and what waits for them has a
 * bound for each device and for all, and a time limit.
 */
final class Openings {
    private static final Logger LOG = Logger.getLogger(Openings.class.getName());

    /** Openings that wait of one device, and of all. */
    static final int MOST_OF_ONE = 64;

    private static final int MOST = 1024;
    private static final long LEAST_RETRY_MILLIS = 100;
    private static final long GREATEST_RETRY_MILLIS = 30_000;

    private final SessionTable table;
    private final WorkerOptions options;
    private final WorkerSessions opener;
    private final Executor loader;
    private final Executor executor;
    private final SessionSlots slots;

    /** Of each session the newest opening that has not ended. */
    private final Map<String, Pending> underWay = new HashMap<>();

    private final FairQueue<Pending> waiting = new FairQueue<>(MOST_OF_ONE, MOST);
    private long lastLoadMillis = LEAST_RETRY_MILLIS;

    /** An opening that was admitted and has its slot. */
    private record Pending(OpenKey key, OpenSession open, SessionRequest request, long sinceNanos) {}

    /**
     * Takes openings for a table.
     *
     * @param loader runs openings, a few at a time
     * @param executor runs the sessions' steps
     */
    Openings(
            SessionTable table,
            WorkerOptions options,
            WorkerSessions opener,
            Executor loader,
            Executor executor,
            SessionSlots slots) {
        this.table = table;
        this.options = options;
        this.opener = opener;
        this.loader = loader;
        this.executor = executor;
        this.slots = slots;
    }

    /**
     * Takes an opening, on the link's thread.
     *
     * @param device that the topic names
     */
    void open(String device, byte[] payload) {
        OpenSession open;
        try {
            open = OpenSession.parseFrom(payload);
        } catch (IOException malformed) {
            LOG.log(Level.WARNING, "an opening of {0} bytes is malformed", payload.length);
            return;
        }
        if (!Protocol.isPartyName(device) || !Protocol.isSessionName(open.getSession())) {
            LOG.log(Level.WARNING, "an opening of {0} bytes names no usable session", payload.length);
            return;
        }
        OpenKey key = new OpenKey(device + "/" + open.getSession(), open.getEpoch(), open.getNonce());
        try {
            // The broker binds the topic to the login; the payload is only what the device says of itself.
            if (!device.equals(open.getDevice())) {
                throw new SessionRefusal(
                        RefusalCode.IDENTITY, "the opening came from device " + device + " and names another", false);
            }
            admit(key, open);
        } catch (SessionRefusal refusal) {
            table.tell(key, WorkerMessages.refused(open, refusal));
        }
    }

    private void admit(OpenKey key, OpenSession open) {
        SessionRequest request = WorkerMessages.request(open, options);
        ServedSession old;
        synchronized (this) {
            Pending earlier = underWay.get(key.name());
            if (earlier != null && earlier.key.equals(key)) {
                return;
            }
            old = table.find(key.name());
            requireNotOlder(key, earlier == null ? null : earlier.key);
            requireNotOlder(key, old == null ? null : old.key());
            if (old == null || !old.key().equals(key)) {
                drop(earlier);
            }
        }
        if (old != null && old.key().equals(key)) {
            table.tell(key, WorkerMessages.opened(open, options.worker(), old.limits()));
            return;
        }
        if (old != null) {
            table.end(old);
        }
        slots.take();
        if (!await(new Pending(key, open, request, System.nanoTime()))) {
            slots.leave();
            throw busy("too many openings wait for this worker to load their weights");
        }
        try {
            loader.execute(this::openNext);
        } catch (RejectedExecutionException stopping) {
            stop();
        }
    }

    private static void requireNotOlder(OpenKey key, OpenKey other) {
        if (other != null && other.newerThan(key)) {
            throw new SessionRefusal(
                    RefusalCode.STALE,
                    "epoch " + key.epoch() + " of the session is older than " + other.epoch()
                            + ", which this worker has; the older one is not opened",
                    false);
        }
    }

    private synchronized boolean await(Pending pending) {
        boolean room = waiting.offer(pending.key.device(), pending.key.name(), pending);
        if (room) {
            underWay.put(pending.key.name(), pending);
        }
        return room;
    }

    /** Forgets an opening that a newer one, or its closing, overtakes: what is being opened is closed when it is there. */
    private void drop(Pending pending) {
        if (pending != null) {
            underWay.remove(pending.key.name());
            if (!waiting.takeIf(pending::equals).isEmpty()) {
                slots.leave();
            }
        }
    }

    /** Ends an opening of which its device wants no more; that of another epoch or nonce goes on. */
    synchronized void close(String name, int epoch, ByteString nonce) {
        Pending pending = underWay.get(name);
        if (pending != null && pending.key.meant(epoch, nonce)) {
            drop(pending);
        }
    }

    private void openNext() {
        Pending next;
        synchronized (this) {
            next = waiting.poll();
        }
        if (next == null) {
            return;
        }
        long begin = System.nanoTime();
        byte[] answer;
        try {
            answer = serve(next, opener.open(next.request));
        } catch (SessionRefusal refusal) {
            answer = refused(next, refusal);
        } catch (RuntimeException | Error fault) {
            LOG.log(Level.SEVERE, "cannot open session " + next.key.name(), fault);
            answer = refused(next, new SessionRefusal(RefusalCode.INTERNAL, "the worker failed while opening", true));
        }
        synchronized (this) {
            lastLoadMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
        }
        table.tell(next.key, answer);
    }

    private byte[] serve(Pending next, WorkerSessions.Opened opened) {
        ServedSession session = new ServedSession(next.key, opened, executor, table);
        table.watch(session);
        boolean newest;
        boolean added;
        synchronized (this) {
            newest = underWay.remove(next.key.name(), next);
            added = newest && table.add(session);
        }
        if (added) {
            return WorkerMessages.opened(next.open, options.worker(), opened.limits());
        }
        table.end(session);
        return WorkerMessages.refused(
                next.open,
                newest
                        ? new SessionRefusal(RefusalCode.DRAINING, "the worker stops", true)
                        : new SessionRefusal(
                                RefusalCode.STALE,
                                "a newer opening, or a closing, overtook epoch " + next.key.epoch() + " of the session",
                                false));
    }

    private byte[] refused(Pending next, SessionRefusal refusal) {
        slots.leave();
        synchronized (this) {
            underWay.remove(next.key.name(), next);
        }
        return WorkerMessages.refused(next.open, refusal);
    }

    /** Refuses what has waited for longer than an opening may take: whoever asked has given up, or soon will. */
    void refuseOverdue() {
        long latest = System.nanoTime() - options.timeouts().open().toNanos();
        refuseIf(
                pending -> pending.sinceNanos - latest < 0,
                busy("the opening waited for " + options.timeouts().open().toMillis()
                        + " ms for this worker to load others' weights"));
    }

    /** Refuses all that wait: the worker is about to stop. */
    void stop() {
        refuseIf(pending -> true, new SessionRefusal(RefusalCode.DRAINING, "the worker is about to stop", true));
    }

    private void refuseIf(Predicate<Pending> condition, SessionRefusal refusal) {
        List<Pending> overdue;
        synchronized (this) {
            overdue = waiting.takeIf(condition);
        }
        for (Pending each : overdue) {
            table.tell(each.key, refused(each, refusal));
        }
    }

    private synchronized SessionRefusal busy(String message) {
        long after =
                Math.max(LEAST_RETRY_MILLIS, Math.min(GREATEST_RETRY_MILLIS, lastLoadMillis * (1 + waiting.size())));
        return SessionRefusal.later(RefusalCode.FULL, message + "; ask again in " + after + " ms", (int) after);
    }
}
