package dev.cleave.transport.worker;

import dev.cleave.transport.StepFinish;

/**
 * Takes what a step yields, from one thread at a time, whichever; {@link #done} or {@link #failed} ends it. Nothing that comes
 * after counts.
 */
public interface StepAnswer {
    /** Adds a sampled id and the logarithm of its probability. */
    void token(int id, float logProbability);

    /** States how the step ended; {@code RUNNING} where it is not called. */
    void finish(StepFinish finish);

    /** States what the worker measured, in µs. */
    void timings(int decodeMicros, int computeMicros, int sampleMicros);

    /** Ends the step: what was added is sent. The session may be given its next step, or closed, before this returns. */
    void done();

    /** Ends the step and the session: the device is told why. */
    void failed(SessionFailure failure);
}
