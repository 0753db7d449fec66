package dev.cleave.model;

import java.nio.FloatBuffer;

/**
 * Consecutive layers of one model in one engine, with their KV cache. Made for one thread at a time.
 *
 * <p>A step allocates nothing that grows with the model: the buffers that {@link #run} returns belong to the segment and
 * hold their contents until the next run.
 */
public interface Segment extends AutoCloseable {
    /** Returns what was asked for at opening. */
    SegmentSpec spec();

    /** Returns the greatest number of tokens that one run takes. */
    int chunk();

    /** Returns the number of tokens in the KV cache. */
    int length();

    /**
     * Returns the buffer from which {@link #run(int, int, Output)} reads, direct, [chunk, d], row by row from index 0:
     * whoever produces activations writes them here, once.
     *
     * @throws IllegalStateException where the segment takes token ids
     */
    FloatBuffer hiddenInput();

    /**
     * Runs token ids through a segment that begins at layer 0.
     *
     * @param ids array that holds the ids, each in 0..vocabulary-1
     * @param from index of the first
     * @param tokens how many, 1..{@link #chunk()}
     * @param position of the first token, 0..{@link #length()}; below the length, the cache is truncated first
     * @param output which rows become logits, where the segment holds the head
     * @return hidden rows [tokens, d], or logits: [0], [1, vocabulary] or [tokens, vocabulary], from index 0
     * @throws ModelException with {@code OUT_OF_RANGE} for ids, positions or lengths outside their range
     */
    FloatBuffer run(int[] ids, int from, int tokens, int position, Output output);

    /**
     * Runs the first {@code tokens} rows of {@link #hiddenInput()} through a segment that begins behind layer 0. As
     * {@link #run(int[], int, int, int, Output)} otherwise.
     */
    FloatBuffer run(int tokens, int position, Output output);

    /**
     * Forgets what lies behind the first {@code length} tokens.
     *
     * @param length 0..{@link #length()}
     */
    void truncate(int length);

    /** Returns what the segment occupies. */
    SegmentMemory memory();

    /** Frees the KV cache, and the weights where no other segment uses them. */
    @Override
    void close();
}
