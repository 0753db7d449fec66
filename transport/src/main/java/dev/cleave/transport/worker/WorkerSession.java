package dev.cleave.transport.worker;

/**
 * What a worker does for one session. The transport calls it for one step at a time, in order, each once; repeats, gaps,
 * chunks, epochs and time limits are the transport's business.
 */
public interface WorkerSession extends AutoCloseable {
    /**
     * Computes one step. Where the position is below the session's length, the cache is truncated to it first; where it is
     * beyond, that is {@code OUT_OF_RANGE}. A step that was cancelled before its turn is never passed here: the device goes on
     * from where the session then is.
     *
     * @param step what came; counts and lengths are within the limits, ids and the frame's contents are unchecked
     * @param answer takes the sampled ids, how it ended and the timings
     * @throws SessionFailure ends the session with an error that the device is told
     */
    void step(WorkerStep step, StepAnswer answer);

    /** Frees everything. Called once, never during a step. */
    @Override
    void close();
}
