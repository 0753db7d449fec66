package dev.cleave.transport;

import java.time.Duration;

/**
 * How long each wait may last.
 *
 * @param connect to the broker, its login included
 * @param open from OpenSession to the worker's answer
 * @param step from a step's last chunk to its tokens
 * @param close for what is left to send at the end
 * @param keepAlive interval of MQTT's pings; a silent link is noticed after about one and a half
 */
public record Timeouts(Duration connect, Duration open, Duration step, Duration close, Duration keepAlive) {
    /** Five seconds to connect, ten to open, thirty for a step, two to close, pings every five. */
    public static final Timeouts DEFAULT = new Timeouts(
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(2),
            Duration.ofSeconds(5));
}
