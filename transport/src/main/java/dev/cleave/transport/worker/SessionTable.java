package dev.cleave.transport.worker;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.cleave.proto.DeviceMessage;
import dev.cleave.proto.Presence;
import dev.cleave.transport.SessionErrorCode;
import dev.cleave.transport.TransportException;
import dev.cleave.transport.internal.MqttLink;
import dev.cleave.transport.internal.Protocol;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The sessions of one connection of a worker. What devices send is taken as hostile: it ends their session at most. */
final class SessionTable implements ServedSession.Outlet {
    private static final Logger LOG = Logger.getLogger(SessionTable.class.getName());

    private final MqttLink link;
    private final WorkerOptions options;
    private final Outbox outbox;
    private final SessionSlots slots;
    private final Openings openings;
    private final PresenceWatch watched;
    private final Map<String, ServedSession> sessions = new ConcurrentHashMap<>();
    private final String openPrefix;
    private final String sessionPrefix;
    private volatile boolean stopped;

    SessionTable(MqttLink link, WorkerOptions options, WorkerSessions opener, Executor executor, Outbox outbox) {
        this.link = link;
        this.options = options;
        this.outbox = outbox;
        this.slots = new SessionSlots(link, options, outbox);
        this.openings = new Openings(this, options, opener, executor, slots);
        this.watched = new PresenceWatch(link);
        this.openPrefix = Protocol.openPrefix(options.modelHash());
        this.sessionPrefix = Protocol.workerPrefix(options.worker());
    }

    MqttLink link() {
        return link;
    }

    int size() {
        return sessions.size();
    }

    /** Subscribes and says that the worker is here; waits. */
    void begin(boolean draining) {
        link.subscribe(Protocol.workerFilter(options.worker()));
        slots.begin(draining);
    }

    /** Takes a message, on the link's thread. */
    void message(String topic, byte[] payload) {
        if (topic.startsWith(sessionPrefix)) {
            sessionMessage(topic.substring(sessionPrefix.length()), payload);
        } else if (topic.startsWith(openPrefix)) {
            openings.open(topic.substring(openPrefix.length()), payload);
        } else if (topic.startsWith(Protocol.devicePresencePrefix())) {
            presence(topic.substring(Protocol.devicePresencePrefix().length()), payload);
        }
    }

    private void presence(String device, byte[] payload) {
        try {
            if (Presence.parseFrom(payload).getState() == Presence.State.GONE) {
                for (ServedSession session : sessions.values()) {
                    if (session.device().equals(device)) {
                        end(session);
                    }
                }
            }
        } catch (IOException malformed) {
            LOG.log(Level.FINE, "the presence of {0} is malformed", device);
        }
    }

    private void sessionMessage(String name, byte[] payload) {
        long now = System.nanoTime();
        ServedSession session = sessions.get(name);
        try {
            CodedInputStream in = CodedInputStream.newInstance(payload);
            int tag = in.readTag();
            int length =
                    WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED ? in.readRawVarint32() : -1;
            int offset = in.getTotalBytesRead();
            if (length < 0 || length != payload.length - offset) {
                throw new IOException("not one message");
            }
            int kind = WireFormat.getTagFieldNumber(tag);
            if (session == null) {
                unknown(name, kind);
            } else if (kind == DeviceMessage.ACTIVATIONS_FIELD_NUMBER) {
                session.chunk(payload, offset, length, now);
            } else {
                control(session, DeviceMessage.parseFrom(payload));
            }
        } catch (IOException malformed) {
            LOG.log(Level.WARNING, "{0} bytes for session {1} are malformed: {2}", new Object[] {
                payload.length, name, malformed.getMessage()
            });
            if (session != null) {
                error(session, 0, new SessionFailure(SessionErrorCode.BAD_FRAME, "a message is malformed"), 0);
            }
        }
    }

    private void control(ServedSession session, DeviceMessage message) {
        if (message.hasCancel() && message.getCancel().getEpoch() == session.epoch()) {
            session.cancel();
        } else if (message.hasClose() && message.getClose().getEpoch() == session.epoch()) {
            end(session);
        }
    }

    private void unknown(String name, int kind) {
        String[] parts = name.split("/", -1);
        boolean usable = parts.length == 2 && Protocol.isPartyName(parts[0]) && Protocol.isSessionName(parts[1]);
        if (kind == DeviceMessage.ACTIVATIONS_FIELD_NUMBER && usable) {
            tell(name, WorkerMessages.error(0, 0, SessionErrorCode.UNKNOWN_SESSION, "the session is not open here", 0));
        }
    }

    ServedSession find(String name) {
        return sessions.get(name);
    }

    /** Adds a session, whose place is taken; before its answer leaves, and so that no end of the connection misses it. */
    void add(ServedSession session) {
        watched.add(session.device());
        ServedSession old = sessions.put(session.name(), session);
        if (old != null) {
            end(old);
        }
        if (stopped) {
            end(session);
        }
    }

    /** Sends what must arrive. */
    void tell(String name, byte[] message) {
        outbox.post(link, deviceTopic(name), message, false);
    }

    @Override
    public void answer(ServedSession session, byte[] message) {
        try {
            link.send(deviceTopic(session.name()), message);
        } catch (TransportException gone) {
            LOG.log(Level.FINE, "an answer was not sent", gone);
        }
    }

    @Override
    public void error(ServedSession session, int seq, SessionFailure failure, int expectedSeq) {
        tell(
                session.name(),
                WorkerMessages.error(session.epoch(), seq, failure.code(), failure.getMessage(), expectedSeq));
        if (failure.code() != SessionErrorCode.GAP && failure.code() != SessionErrorCode.UNKNOWN_SESSION) {
            end(session);
        }
    }

    void endIdle() {
        long limit = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(options.idleMillis());
        for (ServedSession session : sessions.values()) {
            if (session.idleSince(limit)) {
                error(
                        session,
                        0,
                        new SessionFailure(SessionErrorCode.IDLE, "nothing came for " + options.idleMillis() + " ms"),
                        0);
            }
        }
    }

    /** Stops taking openings. */
    void drain() {
        slots.drain();
    }

    /**
     * Ends every session with an error to its device, and says that the worker is gone.
     *
     * @param limit of the wait for steps that still run
     */
    void stop(Duration limit) {
        stopped = true;
        List<ServedSession> last = new ArrayList<>(sessions.values());
        for (ServedSession session : last) {
            error(session, 0, new SessionFailure(SessionErrorCode.STOPPED, "the worker stops"), 0);
        }
        slots.stop();
        long deadline = System.nanoTime() + limit.toNanos();
        for (ServedSession session : last) {
            if (!session.awaitClosed(deadline)) {
                LOG.log(Level.WARNING, "a step of session {0} runs on after {1} ms; it ends by itself", new Object[] {
                    session.name(), limit.toMillis()
                });
            }
        }
    }

    /** Ends every session without a word: the connection is gone. */
    void endAll() {
        stopped = true;
        for (ServedSession session : sessions.values()) {
            end(session);
        }
    }

    /** Ends a session: at once, or when the step that runs is done. */
    void end(ServedSession session) {
        sessions.remove(session.name(), session);
        if (session.end()) {
            watched.remove(session.device());
            slots.leave();
        }
    }

    private static String deviceTopic(String name) {
        int slash = name.indexOf('/');
        return Protocol.deviceTopic(name.substring(0, slash), name.substring(slash + 1));
    }
}
