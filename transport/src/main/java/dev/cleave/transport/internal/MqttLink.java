package dev.cleave.transport.internal;

import dev.cleave.transport.BrokerOptions;
import dev.cleave.transport.Timeouts;
import dev.cleave.transport.TransportException;
import dev.cleave.transport.TransportException.Reason;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttActionListener;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;

/** One connection to a broker, from connect to loss or close. It does not reconnect: whoever holds it makes another. */
public final class MqttLink implements AutoCloseable {
    /** MQTT 5 reason code of an acknowledged message that no subscription matched. */
    public static final int NO_SUBSCRIBERS = 0x10;

    private static final int WITH_WILL = 0x04;
    private static final Logger LOG = Logger.getLogger(MqttLink.class.getName());

    /** Held, because loggers are forgotten otherwise. What Paho logs, with stack traces, is thrown or told here anyway. */
    private static final Logger PAHO = Logger.getLogger("org.eclipse.paho.mqttv5.client");

    static {
        if (PAHO.getLevel() == null) {
            PAHO.setLevel(Level.OFF);
        }
    }

    private final BrokerOptions broker;
    private final Timeouts timeouts;
    private final LinkListener listener;
    private final Sockets sockets;
    private final MqttAsyncClient client;
    private final Party party;
    private final BrokerLimits limits;
    private final Semaphore acknowledged;
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile String endedBy;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** What the broker publishes, retained, when the connection breaks. */
    public record Will(String topic, byte[] payload) {}

    /**
     * Connects.
     *
     * @param party who connects. The client's identifier is made of its name, so that the broker ends an earlier connection of
     *     the same party, its will included, before this one begins
     * @throws TransportException where the broker cannot be reached or refuses the login
     */
    public MqttLink(
            BrokerOptions broker,
            Party party,
            Timeouts timeouts,
            Will will,
            SocketTraffic traffic,
            LinkListener listener) {
        this.broker = broker;
        this.party = party;
        this.timeouts = timeouts;
        this.listener = listener;
        MqttConnectionOptions options;
        try {
            sockets = new Sockets(broker, timeouts, traffic, () -> lost(LinkFailures.silentEnd(party)));
            options = ConnectOptions.of(broker, party, timeouts, will, sockets);
            // Paho sees plain TCP in any case: TLS is the socket's business, which counts below it.
            client = new MqttAsyncClient(
                    "tcp://" + broker.uri().getHost() + ":" + broker.port(), party.clientId(), new MemoryPersistence());
        } catch (MqttException failure) {
            throw LinkFailures.connecting(broker, party, timeouts, failure, null);
        } catch (GeneralSecurityException failure) {
            throw new TransportException(
                    Reason.INSECURE,
                    "no TLS connection to the broker at " + broker + " can be made: " + failure.getMessage(),
                    failure);
        }
        limits = connect(options);
        acknowledged = new Semaphore(limits.unacknowledged());
    }

    private BrokerLimits connect(MqttConnectionOptions options) {
        try {
            client.setCallback(new Callback());
            IMqttToken token = client.connect(options);
            token.waitForCompletion(millis(timeouts.connect()));
            return BrokerLimits.of(token.getResponseProperties());
        } catch (MqttException failure) {
            ended.set(true);
            // Paho goes on trying behind a wait that is over.
            sockets.cut();
            close();
            throw LinkFailures.connecting(broker, party, timeouts, failure, sockets.tlsFailure());
        }
    }

    /** Subscribes and waits until the broker has agreed. Never on the link's own thread. */
    public void subscribe(String filter) {
        try {
            IMqttToken token = client.subscribe(filter, 1);
            token.waitForCompletion(millis(timeouts.connect()));
            checked(token);
        } catch (MqttException failure) {
            throw lostOr("subscribe to " + filter, failure);
        }
    }

    /** Asks for a subscription without waiting; the broker answers it in order with what is published. */
    public void subscribeSoon(String filter) {
        try {
            client.subscribe(filter, 1);
        } catch (MqttException failure) {
            LOG.log(Level.FINE, "cannot subscribe to " + filter, failure);
        }
    }

    /** Ends a subscription without waiting. */
    public void unsubscribeSoon(String filter) {
        try {
            client.unsubscribe(filter);
        } catch (MqttException failure) {
            LOG.log(Level.FINE, "cannot unsubscribe from " + filter, failure);
        }
    }

    /** Returns what the broker takes. */
    public BrokerLimits limits() {
        return limits;
    }

    /**
     * Publishes at QoS 0, without waiting. The payload must not change until it is sent.
     *
     * @throws TransportException {@code PACKET_LIMIT} where the broker does not take a packet of that length; nothing is sent
     */
    public void send(String topic, byte[] payload) {
        requireTaken(topic, payload);
        try {
            client.publish(topic, payload, 0, false);
        } catch (MqttException failure) {
            throw lostOr("publish to " + topic, failure);
        }
    }

    /**
     * Publishes at QoS 1 and waits until the broker has it. Never on the link's own thread.
     *
     * @param limit of the wait
     * @return the broker's reason code, 0 or {@link #NO_SUBSCRIBERS}
     * @throws TransportException {@code PACKET_LIMIT} where the broker does not take a packet of that length; nothing is sent
     */
    public int deliver(String topic, byte[] payload, boolean retained, Duration limit) {
        requireTaken(topic, payload);
        Release release = new Release();
        try {
            // A broker takes a limited number of unacknowledged messages; Paho throws instead of waiting.
            if (!acknowledged.tryAcquire(millis(limit), TimeUnit.MILLISECONDS)) {
                throw new TransportException(
                        Reason.BROKER_LOST,
                        "the broker at " + broker + " acknowledged nothing for " + limit.toMillis() + " ms",
                        null);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new TransportException(Reason.INTERRUPTED, "interrupted while publishing to " + topic, stop);
        }
        IMqttToken token;
        try {
            token = client.publish(topic, new MqttMessage(payload, 1, retained, new MqttProperties()), null, release);
        } catch (MqttException failure) {
            release.onFailure(null, failure);
            throw lostOr("publish to " + topic, failure);
        }
        try {
            token.waitForCompletion(millis(limit));
            return checked(token);
        } catch (MqttException failure) {
            throw lostOr("publish to " + topic, failure);
        }
    }

    /** Is told, once, how a publication ended. */
    public interface Delivery {
        /**
         * Called on the link's own thread: it must not wait.
         *
         * @param failure null where the broker has the message
         */
        void ended(TransportException failure);
    }

    /**
     * Publishes at QoS 1 without waiting. Whoever publishes so keeps count of what is under way, see {@link BrokerLimits}.
     *
     * @throws TransportException where the connection has ended, or the broker does not take a packet of that length; the delivery
     *     is not told then
     */
    public void publish(String topic, byte[] payload, boolean retained, Delivery delivery) {
        requireTaken(topic, payload);
        Teller teller = new Teller(topic, delivery);
        try {
            client.publish(topic, new MqttMessage(payload, 1, retained, new MqttProperties()), null, teller);
        } catch (MqttException failure) {
            if (teller.done.compareAndSet(false, true)) {
                throw lostOr("publish to " + topic, failure);
            }
        }
    }

    private void requireTaken(String topic, byte[] payload) {
        if (payload.length > limits.maxPayload(topic)) {
            throw LinkFailures.tooLong(broker, topic, payload.length, limits);
        }
    }

    /** Returns the first reason code; Paho takes an acknowledgement that says no for a success. */
    private static int checked(IMqttToken token) throws MqttException {
        int[] codes = token.getReasonCodes();
        int code = codes == null || codes.length == 0 ? 0 : codes[0];
        if (code >= 0x80) {
            throw new MqttException(code);
        }
        return code;
    }

    /** Returns whether the connection stands. */
    public boolean connected() {
        return !ended.get() && client.isConnected();
    }

    @Override
    public void close() {
        close(false);
    }

    /**
     * Closes the connection.
     *
     * @param lastWill whether the broker is to publish the will all the same
     */
    public void close(boolean lastWill) {
        // Paho breaks where it is closed twice.
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        ended.set(true);
        long limit = millis(timeouts.close());
        try {
            if (client.isConnected()) {
                client.disconnect(limit, null, null, lastWill ? WITH_WILL : 0, new MqttProperties())
                        .waitForCompletion(limit);
            }
        } catch (MqttException gone) {
            LOG.log(Level.FINE, "cannot disconnect", gone);
        }
        try {
            client.disconnectForcibly(0, limit, false);
        } catch (MqttException gone) {
            LOG.log(Level.FINE, "already disconnected", gone);
        }
        try {
            client.close(true);
        } catch (MqttException gone) {
            LOG.log(Level.FINE, "already closed", gone);
        }
    }

    private TransportException lostOr(String what, MqttException failure) {
        return LinkFailures.topic(broker, what, failure, endedBy);
    }

    private void lost(String cause) {
        if (endedBy == null) {
            endedBy = cause;
        }
        if (ended.compareAndSet(false, true)) {
            listener.lost(cause);
        }
    }

    /** Of a wait: Paho takes 0 for no limit. */
    private static long millis(Duration limit) {
        return Math.max(1, limit.toMillis());
    }

    private final class Release implements MqttActionListener {
        private final AtomicBoolean done = new AtomicBoolean();

        @Override
        public void onSuccess(IMqttToken token) {
            release();
        }

        @Override
        public void onFailure(IMqttToken token, Throwable failure) {
            release();
        }

        private void release() {
            if (done.compareAndSet(false, true)) {
                acknowledged.release();
            }
        }
    }

    private final class Teller implements MqttActionListener {
        private final String topic;
        private final Delivery delivery;
        private final AtomicBoolean done = new AtomicBoolean();

        Teller(String topic, Delivery delivery) {
            this.topic = topic;
            this.delivery = delivery;
        }

        @Override
        public void onSuccess(IMqttToken token) {
            try {
                checked(token);
                tell(null);
            } catch (MqttException refused) {
                tell(refused);
            }
        }

        @Override
        public void onFailure(IMqttToken token, Throwable failure) {
            tell(failure instanceof MqttException ? (MqttException) failure : new MqttException(failure));
        }

        private void tell(MqttException failure) {
            if (done.compareAndSet(false, true)) {
                delivery.ended(failure == null ? null : lostOr("publish to " + topic, failure));
            }
        }
    }

    private final class Callback implements MqttCallback {
        @Override
        public void messageArrived(String topic, MqttMessage message) {
            try {
                listener.message(topic, message.getPayload());
            } catch (RuntimeException failure) {
                // Paho would swallow it.
                LOG.log(Level.WARNING, "a message on " + topic + " was dropped", failure);
            }
        }

        @Override
        public void disconnected(MqttDisconnectResponse response) {
            lost(LinkFailures.disconnected(party, response.getReturnCode(), response.getReasonString()));
        }

        @Override
        public void mqttErrorOccurred(MqttException failure) {
            LOG.log(Level.FINE, "MQTT error", failure);
        }

        @Override
        public void deliveryComplete(IMqttToken token) {
            // Deliveries are awaited by their tokens.
        }

        @Override
        public void connectComplete(boolean reconnect, String uri) {
            // The constructor waits for the connection itself.
        }

        @Override
        public void authPacketArrived(int reasonCode, MqttProperties properties) {
            // Enhanced authentication is not used.
        }
    }
}
