package dev.cleave.transport.internal;

import dev.cleave.transport.BrokerOptions;
import dev.cleave.transport.Timeouts;
import dev.cleave.transport.TransportException;
import dev.cleave.transport.TransportException.Reason;
import javax.net.ssl.SSLException;
import org.eclipse.paho.mqttv5.common.MqttException;

/** What Paho's numbers mean to a user. */
final class LinkFailures {
    private static final int BAD_LOGIN = 0x86;
    private static final int NOT_AUTHORIZED = 0x87;
    private static final int BANNED = 0x8A;
    private static final int BAD_AUTHENTICATION_METHOD = 0x8C;
    private static final int SHUTTING_DOWN = 0x8B;
    private static final int TAKEN_OVER = 0x8E;
    private static final int PACKET_TOO_LARGE = 0x95;

    private LinkFailures() {}

    static TransportException connecting(
            BrokerOptions broker, Party party, Timeouts timeouts, MqttException failure, SSLException tls) {
        switch (failure.getReasonCode()) {
            case BAD_LOGIN:
            case NOT_AUTHORIZED:
            case BANNED:
            case BAD_AUTHENTICATION_METHOD:
                return new TransportException(
                        Reason.LOGIN_REFUSED,
                        "the broker at " + broker + " refused the login"
                                + (broker.user().isPresent()
                                        ? "; check user and password"
                                        : "; it wants a user and a password"),
                        failure);
            default:
                if (tls != null || causedBy(failure, SSLException.class)) {
                    return new TransportException(
                            Reason.INSECURE,
                            "no TLS connection to the broker at " + broker + ": "
                                    + TlsFailures.why(broker, party, tls != null ? tls : failure),
                            failure);
                }
                return new TransportException(
                        Reason.BROKER_UNREACHABLE,
                        "no MQTT 5 broker answers at " + broker + " within "
                                + timeouts.connect().toMillis() + " ms (" + root(failure)
                                + "); is it running, and is the address right?",
                        failure);
        }
    }

    /** Says why a connection ended of which the broker told the reason. */
    static String disconnected(Party party, int code, String text) {
        switch (code) {
            case TAKEN_OVER:
                return "another client has connected with this " + party.kind() + "'s name '" + party.name() + "'; "
                        + advice(party);
            case SHUTTING_DOWN:
                return "the broker is shutting down";
            case PACKET_TOO_LARGE:
                return "the broker does not take a packet as large as the last one; raise its limit";
            default:
                return text != null ? text : "the broker ended it with MQTT reason code " + code;
        }
    }

    /** Says what is known of a connection that ended without a word. Mosquitto 2.0 tells no reason where a name is taken over. */
    static String silentEnd(Party party) {
        return "the connection broke and the broker gave no reason; it may have stopped, or another client with this "
                + party.kind() + "'s name '" + party.name() + "' may have taken its place: " + advice(party);
    }

    private static String advice(Party party) {
        return "give each " + party.kind() + " a name of its own (" + party.setting() + ")";
    }

    static TransportException tooLong(BrokerOptions broker, String topic, int payload, BrokerLimits limits) {
        return new TransportException(
                Reason.PACKET_LIMIT,
                "the broker at " + broker + " takes packets of at most " + limits.maxPacket()
                        + " bytes, and a message on " + topic + " needs " + BrokerLimits.packet(topic, payload)
                        + "; raise the broker's limit (Mosquitto: max_packet_size)",
                null);
    }

    /** @param endedBy what ended the connection, as far as that is known; null where nothing has */
    static TransportException topic(BrokerOptions broker, String what, MqttException failure, String endedBy) {
        if (failure.getReasonCode() == NOT_AUTHORIZED) {
            return new TransportException(
                    Reason.NOT_AUTHORIZED,
                    "the broker at " + broker + " does not let this login " + what + "; check its access list",
                    failure);
        }
        if (failure.getReasonCode() >= 0x80 && failure.getReasonCode() < 0x100) {
            return new TransportException(
                    Reason.PROTOCOL,
                    "the broker at " + broker + " refused to " + what + ", MQTT reason code " + failure.getReasonCode(),
                    failure);
        }
        return new TransportException(
                Reason.BROKER_LOST,
                "the connection to the broker at " + broker + " was lost: cannot " + what + " ("
                        + (endedBy != null ? endedBy : root(failure)) + ")",
                failure);
    }

    private static boolean causedBy(Throwable failure, Class<?> type) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }

    private static String root(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
