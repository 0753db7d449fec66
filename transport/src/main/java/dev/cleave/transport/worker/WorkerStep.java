package dev.cleave.transport.worker;

import dev.cleave.transport.Step;

/** One step as it came, reassembled; it holds until the step is over. */
public interface WorkerStep {
    /** Returns the step. Its arrays must not be changed. */
    Step step();

    /** Returns whether the device has cancelled meanwhile. */
    boolean cancelled();
}
