package dev.cleave.transport.internal;

import dev.cleave.transport.BrokerOptions;
import dev.cleave.transport.Timeouts;
import dev.cleave.transport.TransportException;
import dev.cleave.transport.TransportException.Reason;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;

/** How a link connects, in Paho's words. */
final class ConnectOptions {
    private ConnectOptions() {}

    /** @throws TransportException {@code INSECURE} where a password would cross a network in the clear */
    static MqttConnectionOptions of(
            BrokerOptions broker, Party party, Timeouts timeouts, MqttLink.Will will, Sockets sockets) {
        requireSafePassword(broker, party);
        MqttConnectionOptions options = new MqttConnectionOptions();
        options.setCleanStart(true);
        options.setAutomaticReconnect(false);
        options.setConnectionTimeout(seconds(timeouts.connect()));
        options.setKeepAliveInterval(seconds(timeouts.keepAlive()));
        options.setUseSubscriptionIdentifiers(false);
        options.setSocketFactory(sockets);
        if (broker.user().isPresent()) {
            options.setUserName(broker.user().get());
        }
        if (broker.password().isPresent()) {
            options.setPassword(utf8(broker.password().get()));
        }
        options.setWill(will.topic(), new MqttMessage(will.payload(), 1, true, new MqttProperties()));
        return options;
    }

    private static void requireSafePassword(BrokerOptions broker, Party party) {
        if (broker.password().isPresent() && !broker.tls() && !broker.security().plainPassword() && !loopback(broker)) {
            String allow = party.kind().equals("worker") ? ", or allow it by cleave.broker.plain-password" : "";
            throw new TransportException(
                    Reason.INSECURE,
                    "the password for " + broker + " would cross the network in the clear; use ssl://" + allow,
                    null);
        }
    }

    private static boolean loopback(BrokerOptions broker) {
        try {
            return InetAddress.getByName(broker.uri().getHost()).isLoopbackAddress();
        } catch (UnknownHostException unknown) {
            return false;
        }
    }

    private static int seconds(Duration duration) {
        return (int) Math.max(1, (duration.toMillis() + 999) / 1000);
    }

    private static byte[] utf8(char[] text) {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(CharBuffer.wrap(text));
        byte[] exact = new byte[bytes.remaining()];
        bytes.get(exact);
        return exact;
    }
}
