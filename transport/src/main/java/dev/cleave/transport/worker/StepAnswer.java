package dev.cleave.transport.worker;

import dev.cleave.transport.StepFinish;

/** Takes what a step yields. */
public interface StepAnswer {
    /** Adds a sampled id and the logarithm of its probability. */
    void token(int id, float logProbability);

    /** States how the step ended; {@code RUNNING} where it is not called. */
    void finish(StepFinish finish);

    /** States what the worker measured, in µs. */
    void timings(int decodeMicros, int computeMicros, int sampleMicros);
}
