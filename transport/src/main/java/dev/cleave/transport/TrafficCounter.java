package dev.cleave.transport;

/**
 * Bytes through a connection's socket so far, in both directions: MQTT's own included, TLS's record layer not (counted
 * under it where the socket is a TLS one: what the wire carries above TCP).
 */
public interface TrafficCounter {
    /** Returns bytes sent. */
    long bytesUp();

    /** Returns bytes received. */
    long bytesDown();
}
