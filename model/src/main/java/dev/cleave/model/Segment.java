package dev.cleave.model;

/**
 * The weights of consecutive layers of one model in one engine, for any number of texts at a time. Safe for many threads.
 *
 * <p>A run takes rows of one sequence today. Rows of several sequences in one run belong here, beside {@link #begin}: weights
 * are the segment's, and all that a row needs of its text is its sequence.
 */
public interface Segment extends AutoCloseable {
    /** Returns what was asked for at opening. */
    SegmentSpec spec();

    /**
     * Begins a text.
     *
     * @param maxLength tokens that its KV cache holds, at least 1 and at most the model's context
     * @param kv how keys and values are stored
     * @throws ModelException with {@code OUT_OF_RANGE} for another length, {@code ENGINE} where the engine fails
     */
    Sequence begin(int maxLength, KvPrecision kv);

    /** Returns what the segment occupies without its sequences: weights, which segments share, and a run's scratch memory. */
    SegmentMemory footprint();

    /**
     * Gives the weights back: they are freed as soon as no sequence, and no other segment of the same layers, uses them.
     * Sequences go on until they are closed themselves.
     */
    @Override
    void close();
}
