package dev.cleave.transport.device;

import dev.cleave.transport.StepFinish;

/** A worker's answer to one step, and what the step took. */
public interface StepReply {
    /** Returns the number of sampled ids. */
    int count();

    /** Returns a sampled id, {@code index} in 0..count-1. */
    int id(int index);

    /** Returns the logarithm of a sampled id's probability, {@code index} in 0..count-1. */
    float logProbability(int index);

    /** Returns whether the session goes on. */
    StepFinish finish();

    /** Returns ns from before the first chunk was handed to the socket to when the answer came off it. */
    long roundTripNanos();

    /** Returns µs from the last chunk's arrival at the worker to the publishing of its answer: the worker's share. */
    int heldMicros();

    /** Returns µs that the worker spent decoding the frame. */
    int decodeMicros();

    /** Returns µs that the worker's segment ran. */
    int computeMicros();

    /** Returns µs that the worker sampled. */
    int sampleMicros();

    /** Returns µs that the step waited at the worker. */
    int queueMicros();
}
