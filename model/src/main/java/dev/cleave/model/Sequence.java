package dev.cleave.model;

import java.nio.FloatBuffer;

/**
 * One text on its way through a {@link Segment}: KV caches and a length. Made for one thread at a time.
 *
 * <p>A step allocates nothing that grows with the model: the buffers that {@link #run} returns belong to the sequence and hold
 * their contents until its next run.
 */
public interface Sequence extends AutoCloseable {
    /** Returns the segment that it was begun on. */
    Segment segment();

    /** Returns the number of tokens that the KV cache holds at most. */
    int maxLength();

    /** Returns how keys and values are stored. */
    KvPrecision kv();

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

    /** Returns what the sequence occupies beside its segment: KV caches, and buffers of its own. */
    SegmentMemory footprint();

    /** Returns what the sequence and its segment occupy. */
    default SegmentMemory wholeFootprint() {
        return segment().footprint().plus(footprint());
    }

    /** Frees the KV caches. */
    @Override
    void close();
}
