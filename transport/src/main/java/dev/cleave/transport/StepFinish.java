package dev.cleave.transport;

/** Whether a session goes on after a step. */
public enum StepFinish {
    /** It goes on. */
    RUNNING,
    /** A stop id was sampled. */
    STOP,
    /** The session is at its greatest length. */
    LENGTH,
    /** The device cancelled. */
    CANCELLED
}
