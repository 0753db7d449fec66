package dev.cleave.transport.internal;

import org.eclipse.paho.mqttv5.common.packet.MqttProperties;

/**
 * What a broker said, when it accepted the connection, that it takes.
 *
 * @param maxPacket bytes of a whole MQTT packet, 1..268435460; MQTT's own limit where the broker says nothing
 * @param unacknowledged messages at QoS 1 that may be under way, 1..{@link Protocol#MAX_WINDOW}: one fewer than the broker takes, because Paho
 *     refuses QoS 0 as well while as many are
 */
public record BrokerLimits(long maxPacket, int unacknowledged) {
    /** A fixed header of five bytes and the largest remaining length. */
    private static final long MQTT_PACKET = 268_435_460;

    /** Fixed header 5, length of the topic 2, packet identifier 2, length of the properties 1, topic alias 3. */
    private static final int AROUND = 13;

    static BrokerLimits of(MqttProperties accepted) {
        Long packet = accepted == null ? null : accepted.getMaximumPacketSize();
        Integer receive = accepted == null ? null : accepted.getReceiveMaximum();
        return new BrokerLimits(
                packet == null || packet <= 0 ? MQTT_PACKET : Math.min(packet, MQTT_PACKET),
                receive == null || receive <= 0
                        ? Protocol.MAX_WINDOW
                        : Math.max(1, Math.min(receive - 1, Protocol.MAX_WINDOW)));
    }

    /** Returns the largest payload, in bytes, that fits into a packet beside its topic; not above 2^31 - 1, and may be negative. */
    public int maxPayload(String topic) {
        return (int) Math.min(Integer.MAX_VALUE, maxPacket - packet(topic, 0));
    }

    /** Returns the greatest length, in bytes, of a packet with a payload of so many bytes. Topics are ASCII. */
    static long packet(String topic, int payload) {
        return AROUND + topic.length() + (long) payload;
    }
}
