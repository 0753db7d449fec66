package dev.cleave.transport.emulation;

/**
 * Bytes on their way, or the end of a stream.
 *
 * @param flow whose they are
 * @param bytes none at the end
 * @param kind what ends the stream, {@code BYTES} where it goes on
 * @param nanos when they came; behind the {@link Lane}, when they are due
 */
record Piece(Flow flow, byte[] bytes, Kind kind, long nanos) {
    enum Kind {
        BYTES,
        END,
        RESET
    }

    Piece at(long time) {
        return new Piece(flow, bytes, kind, time);
    }
}
