package dev.cleave.transport.worker;

import dev.cleave.transport.StepSample;

/**
 * One step as it came, reassembled. Reused: its contents hold until the step is over.
 */
public interface WorkerStep {
    /** Returns the position of the first token. */
    int position();

    /** Returns the number of tokens. */
    int tokens();

    /** Returns which positions are to be sampled. */
    StepSample sample();

    /** Returns the array that holds the frame, from {@link #frameOffset()} on. */
    byte[] frame();

    /** Returns where the frame begins. */
    int frameOffset();

    /** Returns bytes of the frame, 0 for split 0. */
    int frameLength();

    /** Returns the token ids of split 0, from index 0; {@link #tokens()} of them, none otherwise. */
    int[] ids();

    /** Returns the number of ids that stand in place of sampled ones: shown already (replay) or scored; 0 where none. */
    int forcedCount();

    /** Returns one of these ids. */
    int forced(int index);

    /** Returns whether the log-probabilities of these ids are asked for. */
    boolean scored();

    /** Returns whether the device has cancelled meanwhile. */
    boolean cancelled();
}
