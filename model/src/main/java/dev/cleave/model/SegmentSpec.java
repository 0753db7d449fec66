package dev.cleave.model;

/**
 * Which part of a model a segment computes. A segment that begins at layer 0 takes token ids (and holds the embedding); one
 * that ends at the last layer returns logits (and holds the final norm and the head).
 *
 * @param from first layer, 0-based, inclusive
 * @param to end of the layers, exclusive, greater than {@code from}
 * @param bits weight width: 2, 4, 8 or 16
 * @param maxSequence tokens that the KV cache holds, at least 1 and at most the model's context
 * @param mode how it computes
 * @param kv how it stores keys and values
 */
public record SegmentSpec(int from, int to, int bits, int maxSequence, Mode mode, KvPrecision kv) {
    /** As the other, with keys and values in float32. */
    public SegmentSpec(int from, int to, int bits, int maxSequence, Mode mode) {
        this(from, to, bits, maxSequence, mode, KvPrecision.FLOAT32);
    }

    /** Returns whether the segment holds the embedding and takes token ids. */
    public boolean takesIds() {
        return from == 0;
    }
}
