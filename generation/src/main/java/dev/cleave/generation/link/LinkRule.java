package dev.cleave.generation.link;

import dev.cleave.codec.CodecLevel;

/** Says which codec level carries each generated token. Made for one thread; nothing of it allocates. */
public interface LinkRule {
    /**
     * Returns the quality for the next step.
     *
     * @param token index of the generated token whose activations it carries
     */
    CodecLevel next(int token);

    /**
     * Learns what the step took.
     *
     * @param totalNanos from a token to the next one
     * @param linkNanos thereof on the way, without the worker's time
     * @param frameBytes of the codec
     * @param otherBytes through the socket, both ways, besides the frame
     */
    default void took(long totalNanos, long linkNanos, int frameBytes, long otherBytes) {}

    /** Returns whether no cheaper quality is left. */
    default boolean exhausted() {
        return true;
    }
}
