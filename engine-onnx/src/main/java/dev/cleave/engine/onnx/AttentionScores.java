package dev.cleave.engine.onnx;

import dev.cleave.model.Architecture;
import dev.cleave.model.KvPrecision;

/**
 * The memory that attention takes for its scores while it reads a chunk. In float32 ONNX Runtime works tile by tile; in float16
 * it holds [heads, tokens, maxSequence] floats at once, 128 MiB for a chunk of 128 tokens, 32 heads and a cache of 8192: more
 * than float16 saves, and in fresh pages on every run. So chunks are shorter there.
 */
public final class AttentionScores {
    /** What the scores may take, bytes, as long as a chunk still has {@link #LEAST_CHUNK} tokens. */
    private static final long LIMIT = 8L << 20;

    /** And what share of the cache's saving: one in so many. */
    private static final int SHARE_OF_SAVING = 4;

    /** Shorter chunks would read the weights too often. */
    private static final int LEAST_CHUNK = 16;

    private AttentionScores() {}

    /**
     * Returns the tokens of a chunk.
     *
     * @param layers of the segment
     * @param maxSequence tokens that the cache holds
     * @param wanted tokens, where memory is no matter
     */
    public static int chunk(Architecture architecture, KvPrecision kv, int layers, int maxSequence, int wanted) {
        long saving = layers
                * (KvCache.bytes(architecture, maxSequence, KvPrecision.FLOAT32)
                        - KvCache.bytes(architecture, maxSequence, kv));
        long limit = Math.min(LIMIT, saving / SHARE_OF_SAVING);
        int chunk = Math.min(wanted, maxSequence);
        while (chunk > LEAST_CHUNK && bytes(architecture, kv, maxSequence, chunk) > limit) {
            chunk = Math.max(LEAST_CHUNK, chunk / 2);
        }
        return chunk;
    }

    /**
     * Returns the bytes of the scores of a chunk, 0 where they are made tile by tile.
     *
     * @param maxSequence tokens that the cache holds
     * @param chunk tokens
     */
    public static long bytes(Architecture architecture, KvPrecision kv, int maxSequence, int chunk) {
        return kv == KvPrecision.FLOAT32 ? 0 : (long) Float.BYTES * architecture.heads() * chunk * maxSequence;
    }
}
