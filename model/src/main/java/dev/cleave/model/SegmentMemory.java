package dev.cleave.model;

/**
 * What a segment occupies, in bytes, as measured when it was opened.
 *
 * @param weights packed weights of its layers (shared with other segments of the same width and mode), embedding and head
 * @param kv KV cache
 * @param workspace input, output and scratch buffers
 */
public record SegmentMemory(long weights, long kv, long workspace) {
    /** Returns the sum. */
    public long total() {
        return weights + kv + workspace;
    }
}
