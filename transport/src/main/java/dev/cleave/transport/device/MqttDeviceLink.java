package dev.cleave.transport.device;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.cleave.proto.Presence;
import dev.cleave.proto.SessionError;
import dev.cleave.proto.SessionOpened;
import dev.cleave.proto.WorkerMessage;
import dev.cleave.transport.BrokerOptions;
import dev.cleave.transport.SessionRequest;
import dev.cleave.transport.Timeouts;
import dev.cleave.transport.TrafficCounter;
import dev.cleave.transport.TransportException;
import dev.cleave.transport.TransportException.Reason;
import dev.cleave.transport.internal.LinkListener;
import dev.cleave.transport.internal.MqttLink;
import dev.cleave.transport.internal.Party;
import dev.cleave.transport.internal.Protocol;
import dev.cleave.transport.internal.SocketTraffic;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A device's link. Where the connection broke, its sessions end, and the next opening makes a new one.
 */
final class MqttDeviceLink implements DeviceLink {
    private static final Logger LOG = Logger.getLogger(MqttDeviceLink.class.getName());

    private final BrokerOptions broker;
    private final String device;
    private final Timeouts timeouts;
    private final SocketTraffic traffic = new SocketTraffic();
    private final Map<String, MqttDeviceSession> sessions = new ConcurrentHashMap<>();
    private final Map<String, Opening> openings = new ConcurrentHashMap<>();
    private final AtomicInteger epochs = new AtomicInteger();
    private final Workers workers = new Workers();
    private volatile Profiles profiles;
    private final String topicPrefix;

    private volatile MqttLink link;
    private volatile boolean connectedOnce;
    private boolean closed;

    MqttDeviceLink(BrokerOptions broker, String device, Timeouts timeouts) {
        this.broker = broker;
        this.device = Protocol.requirePartyName("device", device);
        this.timeouts = timeouts;
        this.topicPrefix = Protocol.deviceTopic(device, "");
    }

    /** Connects, where it is not connected. */
    void connect() {
        link();
    }

    @Override
    public DeviceSession open(SessionRequest request) {
        if (!request.device().equals(device)) {
            throw new IllegalArgumentException("the request names device " + request.device() + ", this is " + device);
        }
        Protocol.requireModelHash(request.modelHash());
        if (!Protocol.isSessionName(request.session())) {
            throw new IllegalArgumentException(
                    "session name '" + request.session() + "' is not 8 letters, digits, dashes or underscores");
        }
        Opening opening = new Opening(this, standing(), request, workers);
        if (openings.putIfAbsent(request.session(), opening) != null) {
            throw new IllegalStateException("session " + request.session() + " is being opened already");
        }
        MqttDeviceSession session = null;
        try {
            session = opening.await();
            return session;
        } finally {
            openings.remove(request.session(), opening);
            MqttDeviceSession late = opening.end();
            if (late != session) {
                late.close();
            }
        }
    }

    @Override
    public Map<String, byte[]> profiles(String modelHash, Duration limit) {
        Protocol.requireModelHash(modelHash);
        Profiles asked = new Profiles(Protocol.profilePrefix(modelHash));
        synchronized (this) {
            if (profiles != null) {
                throw new IllegalStateException("profiles are being asked for already");
            }
            profiles = asked;
        }
        try {
            MqttLink asking = standing();
            try {
                asking.subscribe(asked.filter());
                return asked.await(limit, () -> asking.subscribeSoon(asked.filter()));
            } finally {
                asking.unsubscribeSoon(asked.filter());
            }
        } finally {
            profiles = null;
        }
    }

    /** Returns an epoch that no attempt of this link has had, at least {@code least}. */
    int nextEpoch(int least) {
        return epochs.updateAndGet(last -> Math.max(last + 1, least));
    }

    /** Puts a session among those that are served, before the worker's first answer can come. */
    MqttDeviceSession serve(MqttDeviceSession session) {
        sessions.put(session.request().session(), session);
        return session;
    }

    void forget(MqttDeviceSession session) {
        sessions.remove(session.request().session(), session);
    }

    Timeouts timeouts() {
        return timeouts;
    }

    BrokerOptions broker() {
        return broker;
    }

    @Override
    public TrafficCounter traffic() {
        return traffic;
    }

    @Override
    public void close() {
        for (MqttDeviceSession session : sessions.values()) {
            session.close();
        }
        MqttLink last;
        synchronized (this) {
            closed = true;
            last = link;
            link = null;
        }
        if (last != null) {
            if (last.connected()) {
                try {
                    last.deliver(Protocol.devicePresence(device), Protocol.GONE, true, timeouts.close());
                } catch (TransportException gone) {
                    LOG.log(Level.FINE, "cannot say goodbye", gone);
                }
            }
            last.close();
        }
    }

    /**
     * Returns a connection; where the last one broke, tries again with doubling delay while an opening may take. Where there
     * never was one, it tries once: an address that is wrong stays wrong.
     */
    private MqttLink standing() {
        long deadline = System.nanoTime() + (connectedOnce ? timeouts.open().toNanos() : 0);
        for (Backoff delay = new Backoff(); ; ) {
            try {
                return link();
            } catch (TransportException failure) {
                if (failure.reason() != Reason.BROKER_UNREACHABLE || !delay.sleep(deadline)) {
                    throw failure;
                }
            }
        }
    }

    private synchronized MqttLink link() {
        if (closed) {
            throw new IllegalStateException("the link is closed");
        }
        if (link == null || !link.connected()) {
            if (link != null) {
                link.close();
                end("the connection broke");
                link = null;
            }
            workers.clear();
            MqttLink fresh = new MqttLink(
                    broker,
                    Party.device(device),
                    timeouts,
                    new MqttLink.Will(Protocol.devicePresence(device), Protocol.GONE),
                    traffic,
                    new MessageHandler());
            byte[] ready = Presence.newBuilder()
                    .setState(Presence.State.READY)
                    .setProtocolVersion(Protocol.VERSION)
                    .build()
                    .toByteArray();
            try {
                fresh.subscribe(Protocol.deviceFilter(device));
                fresh.deliver(Protocol.devicePresence(device), ready, true, timeouts.connect());
            } catch (TransportException failure) {
                fresh.close();
                throw failure;
            }
            link = fresh;
            connectedOnce = true;
        }
        return link;
    }

    /** Ends what the connection carried. */
    private void end(String cause) {
        TransportException failure = new TransportException(
                Reason.BROKER_LOST, "the connection to the broker at " + broker + " was lost: " + cause, null);
        for (Opening opening : openings.values()) {
            opening.fail(failure);
        }
        for (MqttDeviceSession session : sessions.values()) {
            session.fail(failure);
        }
        Profiles asked = profiles;
        if (asked != null) {
            asked.fail(failure);
        }
    }

    /** Hears what comes on one connection. */
    private final class MessageHandler implements LinkListener {
        @Override
        public void message(String topic, byte[] payload) {
            long now = System.nanoTime();
            try {
                if (topic.startsWith(topicPrefix)) {
                    route(topic.substring(topicPrefix.length()), WorkerMessage.parseFrom(payload), now);
                } else if (topic.startsWith(Protocol.workerPresencePrefix())) {
                    String worker =
                            topic.substring(Protocol.workerPresencePrefix().length());
                    Presence presence = Presence.parseFrom(payload);
                    workers.heard(worker, presence);
                    if (presence.getState() == Presence.State.GONE) {
                        gone(worker);
                    }
                } else {
                    Profiles asked = profiles;
                    if (asked != null) {
                        asked.heard(topic, payload);
                    }
                }
            } catch (InvalidProtocolBufferException malformed) {
                LOG.log(Level.WARNING, "a message of {0} bytes on {1} is malformed and was dropped", new Object[] {
                    payload.length, topic
                });
            }
        }

        private void route(String name, WorkerMessage message, long now) {
            Opening opening = openings.get(name);
            MqttDeviceSession session = sessions.get(name);
            switch (message.getMessageCase()) {
                case OPENED:
                    if (opening == null || !opening.opened(message.getOpened())) {
                        unwanted(name, message.getOpened());
                    }
                    break;
                case REFUSED:
                    if (opening != null) {
                        opening.refused(message.getRefused());
                    }
                    break;
                case TOKENS:
                    if (session != null) {
                        session.arrived(message.getTokens(), now);
                    }
                    break;
                case ERROR:
                    SessionError error = message.getError();
                    if (session != null) {
                        session.arrived(error);
                    }
                    break;
                default:
                    LOG.log(Level.FINE, "an empty message for session {0}", name);
            }
        }

        /** A worker that answers after the wait for it was over would hold the session until its idle limit. */
        private void unwanted(String name, SessionOpened opened) {
            MqttLink current = link;
            MqttDeviceSession session = sessions.get(name);
            boolean repeat = session != null && session.openedBy(opened);
            if (current != null && !repeat && Protocol.isPartyName(opened.getWorker())) {
                current.send(
                        Protocol.workerTopic(opened.getWorker(), device, name),
                        MqttDeviceSession.closing(opened.getEpoch(), opened.getNonce()));
            }
        }

        private void gone(String worker) {
            for (MqttDeviceSession session : sessions.values()) {
                if (session.worker().equals(worker)) {
                    session.fail(new TransportException(
                            Reason.WORKER_LOST, "worker " + worker + " is gone: it stopped or lost the broker", null));
                }
            }
        }

        @Override
        public void lost(String cause) {
            end(cause);
        }
    }
}
