package dev.cleave.transport.worker;

/**
 * What a worker does for one session. The transport calls it for one step at a time, in order, each once; repeats, gaps,
 * chunks, epochs and time limits are the transport's business.
 */
public interface WorkerSession extends AutoCloseable {
    /**
     * Begins one step, which is over when its answer is told {@code done} or {@code failed}: before this returns, or later, on any
     * thread. The next comes after that. One that is not over within the link's step limit ends the session. Where the position is below the session's length, the cache is truncated to it first; where it is
     * beyond, that is {@code OUT_OF_RANGE}. A step that was cancelled before its turn is never passed here: the device goes on
     * from where the session then is.
     *
     * @param step what came; counts and lengths are within the limits, ids and the frame's contents are unchecked. Its contents
     *     hold until the step is over
     * @param answer takes the sampled ids, how it ended and the timings
     * @throws SessionFailure as if the answer were told that it failed
     */
    void step(WorkerStep step, StepAnswer answer);

    /** Frees everything. Called once, never during a step. */
    @Override
    void close();
}
