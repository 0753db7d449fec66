package dev.cleave.generation;

import dev.cleave.transport.StepFinish;

/** What a step yielded; one object for a whole generation. */
final class Sampled {
    /** Sampled id, -1 where the step was not sampled. */
    int id;

    StepFinish finish;

    void set(int sampledId, StepFinish stepFinish) {
        id = sampledId;
        finish = stepFinish;
    }
}
