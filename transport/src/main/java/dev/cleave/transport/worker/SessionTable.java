package dev.cleave.transport.worker;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.cleave.proto.CloseSession;
import dev.cleave.proto.DeviceMessage;
import dev.cleave.proto.Presence;
import dev.cleave.transport.SessionErrorCode;
import dev.cleave.transport.TransportException;
import dev.cleave.transport.internal.MqttLink;
import dev.cleave.transport.internal.Protocol;
import dev.cleave.transport.internal.StepReader;
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
    private static final int MOST_IDS = 1 << 16;

    private final MqttLink link;
    private final WorkerOptions options;
    private final Outbox outbox;
    private final SessionSlots slots;
    private final Openings openings;
    private final PresenceWatch watched;
    private final Map<String, ServedSession> sessions = new ConcurrentHashMap<>();
    private final String openPrefix;
    private final String sessionPrefix;

    /** Reads steps of sessions that are not open here; on the link's thread. */
    private final StepReader strangers = new StepReader(MOST_IDS);

    /** Those that were open when the table was stopped. */
    private final List<ServedSession> ending = new ArrayList<>();

    private volatile boolean stopped;

    /**
     * Makes the table of one connection.
     *
     * @param loader runs openings, a few at a time
     * @param executor runs steps
     */
    SessionTable(MqttLink link, WorkerOptions options, WorkerSessions opener, Executor loader, Executor executor) {
        this.link = link;
        this.options = options;
        this.outbox = new Outbox(link::publish, link.limits().unacknowledged());
        this.slots = new SessionSlots(link, options, outbox);
        this.openings = new Openings(this, options, opener, loader, executor, slots);
        this.watched = new PresenceWatch(link);
        this.openPrefix = Protocol.openPrefix(options.modelHash());
        this.sessionPrefix = Protocol.workerPrefix(options.worker());
    }

    MqttLink link() {
        return link;
    }

    Outbox outbox() {
        return outbox;
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
                    if (session.key().device().equals(device)) {
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
            if (WireFormat.getTagFieldNumber(tag) != DeviceMessage.ACTIVATIONS_FIELD_NUMBER) {
                control(name, session, DeviceMessage.parseFrom(payload));
            } else if (session != null) {
                session.chunk(payload, offset, length, now);
            } else {
                unknown(name, payload, offset, length);
            }
        } catch (IOException malformed) {
            LOG.log(Level.WARNING, "{0} bytes for session {1} are malformed: {2}", new Object[] {
                payload.length, name, malformed.getMessage()
            });
            if (session != null) {
                fail(session, new SessionFailure(SessionErrorCode.BAD_FRAME, "a message is malformed"));
            }
        }
    }

    private void control(String name, ServedSession session, DeviceMessage message) {
        if (message.hasCancel()) {
            if (session != null
                    && message.getCancel().getEpoch() == session.key().epoch()) {
                session.cancel();
            }
        } else if (message.hasClose()) {
            CloseSession close = message.getClose();
            if (session != null && session.key().meant(close.getEpoch(), close.getNonce())) {
                end(session);
            } else {
                openings.close(name, close.getEpoch(), close.getNonce());
            }
        }
    }

    private void unknown(String name, byte[] payload, int offset, int length) throws IOException {
        String[] parts = name.split("/", -1);
        if (parts.length == 2 && Protocol.isPartyName(parts[0]) && Protocol.isSessionName(parts[1])) {
            strangers.read(payload, offset, length);
            OpenKey unknown = new OpenKey(name, strangers.epoch(), ByteString.EMPTY);
            tellError(
                    unknown,
                    strangers.seq(),
                    new SessionFailure(SessionErrorCode.UNKNOWN_SESSION, "the session is not open here"),
                    0);
        }
    }

    ServedSession find(String name) {
        return sessions.get(name);
    }

    /** Follows the presence of a session's device until the session ends. */
    void watch(ServedSession session) {
        watched.add(session.key().device());
    }

    /** Adds a session that has its slot, before its answer leaves; returns whether the table still takes some. */
    boolean add(ServedSession session) {
        sessions.put(session.key().name(), session);
        // In this order: whoever stops the table ends what it finds in it.
        return !stopped;
    }

    /** Sends the answer to an opening. */
    void tell(OpenKey key, byte[] message) {
        outbox.answer(key.device(), key.name(), key.deviceTopic(), fitting(key, message));
    }

    /** A shorter text is better than none: the broker may take short packets only. */
    private byte[] fitting(OpenKey key, byte[] message) {
        return WorkerMessages.within(message, link.limits().maxPayload(key.deviceTopic()));
    }

    @Override
    public void answer(ServedSession session, byte[] message) {
        try {
            link.send(session.topic(), message);
        } catch (TransportException gone) {
            if (gone.reason() == TransportException.Reason.PACKET_LIMIT) {
                fail(
                        session,
                        new SessionFailure(
                                SessionErrorCode.OUT_OF_RANGE, "an answer is too long: " + gone.getMessage()));
            } else {
                LOG.log(Level.FINE, "an answer was not sent", gone);
            }
        }
    }

    @Override
    public void error(ServedSession session, int epoch, int seq, SessionFailure failure, int expectedSeq) {
        OpenKey key = session.key();
        boolean mine = epoch == key.epoch();
        tellError(mine ? key : new OpenKey(key.name(), epoch, ByteString.EMPTY), seq, failure, expectedSeq);
        if (mine && failure.code() != SessionErrorCode.GAP) {
            end(session);
        }
    }

    /** Ends a session with an error that answers none of its messages. */
    private void fail(ServedSession session, SessionFailure failure) {
        error(session, session.key().epoch(), 0, failure, 0);
    }

    private void tellError(OpenKey key, int seq, SessionFailure failure, int expectedSeq) {
        byte[] message =
                WorkerMessages.error(key.epoch(), key.nonce(), seq, failure.code(), failure.getMessage(), expectedSeq);
        // Errors of an older epoch leave beside those of the newest.
        outbox.answer(key.device(), key.name() + "/" + key.epoch(), key.deviceTopic(), fitting(key, message));
    }

    /** Ends what is idle, what takes too long, and refuses what has waited too long. */
    void endOverdue() {
        long now = System.nanoTime();
        long idle = now - TimeUnit.MILLISECONDS.toNanos(options.idleMillis());
        long stepMillis = options.timeouts().step().toMillis();
        long step = now - TimeUnit.MILLISECONDS.toNanos(stepMillis);
        for (ServedSession session : sessions.values()) {
            if (session.idleSince(idle)) {
                fail(
                        session,
                        new SessionFailure(SessionErrorCode.IDLE, "nothing came for " + options.idleMillis() + " ms"));
            } else if (session.runningSince(step)) {
                LOG.log(
                        Level.WARNING,
                        "a step of session {0} runs for more than {1} ms; the session ends with it",
                        new Object[] {session.key().name(), stepMillis});
                fail(
                        session,
                        new SessionFailure(
                                SessionErrorCode.INTERNAL, "a step was not computed within " + stepMillis + " ms"));
            }
        }
        openings.refuseOverdue();
    }

    /** Stops taking openings. */
    void drain() {
        slots.drain();
    }

    /** Says that the worker is gone, and ends every session with an error to its device. */
    void stop() {
        stopped = true;
        slots.stop();
        openings.stop();
        ending.addAll(sessions.values());
        for (ServedSession session : ending) {
            fail(session, new SessionFailure(SessionErrorCode.STOPPED, "the worker stops"));
        }
    }

    /**
     * Waits for the steps that still run when the table is stopped.
     *
     * @param limit of the wait
     */
    void awaitClosed(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        for (ServedSession session : ending) {
            if (!session.awaitClosed(deadline)) {
                LOG.log(Level.WARNING, "a step of session {0} runs on after {1} ms; it ends by itself", new Object[] {
                    session.key().name(), limit.toMillis()
                });
            }
        }
    }

    /** Ends every session without a word: the connection is gone. */
    void endAll() {
        stopped = true;
        openings.stop();
        for (ServedSession session : sessions.values()) {
            end(session);
        }
    }

    /** Ends a session: at once, or when the step that runs is done. */
    void end(ServedSession session) {
        sessions.remove(session.key().name(), session);
        if (session.end()) {
            watched.remove(session.key().device());
            slots.leave();
        }
    }
}
