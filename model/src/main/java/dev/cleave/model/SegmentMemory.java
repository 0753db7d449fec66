package dev.cleave.model;

/**
 * What a segment, a sequence or both occupy, in bytes.
 *
 * @param weights packed weights of its layers and head with what runs them, shared with other segments of the same width and
 *     mode; the embedding only where an engine keeps it in memory
 * @param kv KV caches
 * @param workspace input, output and scratch buffers
 */
public record SegmentMemory(long weights, long kv, long workspace) {
    /** Returns the sum. */
    public long total() {
        return weights + kv + workspace;
    }

    /** Returns this and another together. */
    public SegmentMemory plus(SegmentMemory other) {
        return new SegmentMemory(weights + other.weights, kv + other.kv, workspace + other.workspace);
    }
}
