package dev.cleave.transport;

/** Why a worker refuses a session. The names stand on the wire. */
public enum RefusalCode {
    /** The protocol version differs. */
    VERSION,
    /** The bundle differs. */
    MODEL,
    /** A split, width, mode or length that the worker cannot serve. */
    UNSUPPORTED,
    /** The payload names another device than the topic. */
    IDENTITY,
    /** A newer opening of the same session is open here, or on its way. */
    STALE,
    /** The worker is full, or loads weights for others; another may not be. */
    FULL,
    /** The worker is about to stop. */
    DRAINING,
    /** The worker failed while it opened the session. */
    INTERNAL
}
