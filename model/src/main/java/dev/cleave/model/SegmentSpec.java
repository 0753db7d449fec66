package dev.cleave.model;

/**
 * Which part of a model a segment computes. A segment that begins at layer 0 takes token ids (and holds the embedding); one
 * that ends at the last layer returns logits (and holds the final norm and the head).
 *
 * @param from first layer, 0-based, inclusive
 * @param to end of the layers, exclusive, greater than {@code from}
 * @param bits weight width: 2, 4, 8 or 16
 * @param mode how it computes
 */
public record SegmentSpec(int from, int to, int bits, Mode mode) {
    /** Returns whether the segment holds the embedding and takes token ids. */
    public boolean takesIds() {
        return from == 0;
    }

    /** Returns the number of layers. */
    public int layers() {
        return to - from;
    }
}
