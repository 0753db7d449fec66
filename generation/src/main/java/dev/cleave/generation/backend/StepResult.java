package dev.cleave.generation.backend;

import dev.cleave.transport.StepFinish;

/** What a step yielded; one object for a whole generation. */
public final class StepResult {
    /** StepResult id, -1 where the step was not sampled. */
    public int id;

    public StepFinish finish;

    public void set(int sampledId, StepFinish stepFinish) {
        id = sampledId;
        finish = stepFinish;
    }
}
