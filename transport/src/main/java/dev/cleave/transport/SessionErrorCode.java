package dev.cleave.transport;

/** Why a worker ends a session, or asks for a step again. The names stand on the wire. */
public enum SessionErrorCode {
    /** A sequence number is missing; {@code expected_seq} says which. The session goes on. */
    GAP,
    /** No such session, or one of another epoch. */
    UNKNOWN_SESSION,
    /** A frame that cannot be decoded. */
    BAD_FRAME,
    /** A position, count or id outside its range. */
    OUT_OF_RANGE,
    /** More under way than the window allows. */
    WINDOW,
    /** The session was idle for too long. */
    IDLE,
    /** The worker stopped. */
    STOPPED,
    /** The worker failed. */
    INTERNAL
}
