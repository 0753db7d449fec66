package dev.cleave.transport;

/** Which positions of a step the worker samples. */
public enum StepSample {
    /** None: a part of the prompt. */
    NONE,
    /** The last. */
    LAST,
    /** Every one. */
    ALL
}
