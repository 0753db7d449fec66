package dev.cleave.cloud.worker;

import dev.cleave.transport.Step;
import dev.cleave.transport.StepSample;
import dev.cleave.transport.worker.WorkerStep;

/** A step as a device might send it. Samples the last position unless it says otherwise. */
record TestStep(
        int position,
        int tokens,
        StepSample sample,
        byte[] frame,
        int[] ids,
        int[] forcedIds,
        boolean scored,
        boolean cancelled)
        implements WorkerStep {
    private static final int[] NONE = {};

    static TestStep frame(int position, int tokens, byte[] frame) {
        return new TestStep(position, tokens, StepSample.LAST, frame, NONE, NONE, false, false);
    }

    static TestStep ids(int position, int... ids) {
        return new TestStep(position, ids.length, StepSample.LAST, new byte[0], ids, NONE, false, false);
    }

    TestStep sampling(StepSample which) {
        return new TestStep(position, tokens, which, frame, ids, forcedIds, scored, cancelled);
    }

    TestStep forcing(int... shown) {
        return new TestStep(position, tokens, sample, frame, ids, shown, false, cancelled);
    }

    TestStep scoring(int... next) {
        return new TestStep(position, tokens, sample, frame, ids, next, true, cancelled);
    }

    TestStep thatWasCancelled() {
        return new TestStep(position, tokens, sample, frame, ids, forcedIds, scored, true);
    }

    @Override
    public Step step() {
        return new Step(
                position,
                tokens,
                sample,
                ids.length > 0 ? new Step.Ids(ids, 0) : new Step.Frame(frame, 0, frame.length),
                forcedIds.length > 0 ? new Step.Forced(forcedIds, 0, forcedIds.length, scored) : null);
    }
}
