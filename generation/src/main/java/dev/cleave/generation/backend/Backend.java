package dev.cleave.generation.backend;

import dev.cleave.codec.CodecLevel;
import dev.cleave.generation.Traffic;
import dev.cleave.generation.link.LinkRule;
import dev.cleave.model.SegmentMemory;
import dev.cleave.transport.StepSample;

/** The way of a step through the layers, wherever they are. Made for one thread. */
public sealed interface Backend extends AutoCloseable permits DeviceBackend, CloudBackend, SplitBackend {
    /**
     * Makes ready for steps.
     *
     * @param keep tokens that the caller would like to find in the KV caches
     * @return tokens that they hold and may be built on: {@code keep}, or 0 where a session had to be opened
     */
    int begin(int keep);

    /** Returns the greatest number of tokens of one step; known once {@link #begin} has returned. */
    int stepTokens();

    /** Returns the number of steps that may be under way; known once {@link #begin} has returned. */
    int window();

    /**
     * Sends a step on its way: the device's part is done when this returns.
     *
     * @param ids array that holds the step's token ids
     * @param from index of the first
     * @param tokens how many, 1..{@link #stepTokens()}
     * @param sample {@code NONE} or {@code LAST}
     */
    void send(int[] ids, int from, int tokens, int position, StepSample sample, StepMeter meter);

    /**
     * Sends the token that the other side has sampled last, to be followed by the next.
     *
     * @param quality that carries its activations, where some are sent
     * @param id of the token
     * @param before id of the generated token before it, or -1 for the first
     */
    void sendSampled(CodecLevel quality, int id, int before, int position, StepMeter meter);

    /** Waits for the oldest step under way. */
    void receive(StepResult sampled, StepMeter meter);

    /** Asks the other side not to compute the steps under way, all of which are to be received still. */
    void cancel();

    /** Gives up what the other side holds after a failure, so that the next {@link #begin} begins anew. */
    void abandon();

    /** Returns what says which quality carries each generated token. */
    LinkRule links();

    /** Returns the bytes through the socket so far. */
    Traffic traffic();

    /** Returns the same, both ways together; allocates nothing. */
    long socketBytes();

    /** Returns what the device's segment occupies. */
    SegmentMemory memory();

    /** Ends the session; the segment and the connection belong to the caller. */
    @Override
    void close();
}
