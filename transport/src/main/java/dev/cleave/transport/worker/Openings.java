package dev.cleave.transport.worker;

import com.google.protobuf.ByteString;
import dev.cleave.proto.OpenSession;
import dev.cleave.transport.RefusalCode;
import dev.cleave.transport.SessionRequest;
import dev.cleave.transport.internal.Protocol;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * What devices ask for. A device asks again where nobody answers, because not every broker says that nobody listens: the same
 * key gets the same answer, and opens once.
 */
final class Openings {
    private static final Logger LOG = Logger.getLogger(Openings.class.getName());

    private final SessionTable table;
    private final WorkerOptions options;
    private final WorkerSessions opener;
    private final Executor executor;
    private final SessionSlots slots;
    private final Set<OpenKey> underWay = ConcurrentHashMap.newKeySet();

    /** Which opening it is; the nonce tells two processes apart that chose the same names. */
    record OpenKey(String name, int epoch, ByteString nonce) {}

    Openings(SessionTable table, WorkerOptions options, WorkerSessions opener, Executor executor, SessionSlots slots) {
        this.table = table;
        this.options = options;
        this.opener = opener;
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
        String name = device + "/" + open.getSession();
        try {
            // The broker binds the topic to the login; the payload is only what the device says of itself.
            if (!device.equals(open.getDevice())) {
                throw new SessionRefusal(
                        RefusalCode.IDENTITY, "the opening came from device " + device + " and names another", false);
            }
            admit(new OpenKey(name, open.getEpoch(), open.getNonce()), open);
        } catch (SessionRefusal refusal) {
            table.tell(name, WorkerMessages.refused(open, refusal));
        }
    }

    private void admit(OpenKey key, OpenSession open) {
        SessionRequest request = WorkerMessages.request(open, options);
        if (!underWay.add(key)) {
            return;
        }
        boolean handedOn = false;
        try {
            ServedSession old = table.find(key.name());
            if (old != null && old.key().equals(key)) {
                table.tell(key.name(), WorkerMessages.opened(open, options.worker(), old.limits()));
                return;
            }
            if (old != null && old.epoch() - request.epoch() > 0) {
                throw new SessionRefusal(
                        RefusalCode.UNSUPPORTED,
                        "epoch " + request.epoch() + " is older than " + old.epoch() + ", which is open",
                        false);
            }
            if (old != null) {
                table.end(old);
            }
            slots.take();
            try {
                executor.execute(() -> openTaken(key, open, request));
                handedOn = true;
            } catch (RejectedExecutionException stopping) {
                slots.leave();
                throw new SessionRefusal(RefusalCode.DRAINING, "the worker is about to stop", true);
            }
        } finally {
            if (!handedOn) {
                underWay.remove(key);
            }
        }
    }

    private void openTaken(OpenKey key, OpenSession open, SessionRequest request) {
        byte[] answer;
        try {
            WorkerSessions.Opened opened = opener.open(request);
            table.add(new ServedSession(key, request.device(), opened, executor, table));
            answer = WorkerMessages.opened(open, options.worker(), opened.limits());
        } catch (SessionRefusal refusal) {
            slots.leave();
            answer = WorkerMessages.refused(open, refusal);
        } catch (RuntimeException | Error fault) {
            slots.leave();
            LOG.log(Level.SEVERE, "cannot open session " + key.name(), fault);
            answer = WorkerMessages.refused(
                    open, new SessionRefusal(RefusalCode.INTERNAL, "the worker failed while opening", true));
        } finally {
            underWay.remove(key);
        }
        table.tell(key.name(), answer);
    }
}
