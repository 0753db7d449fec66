package dev.cleave.optimizer.profile;

import dev.cleave.optimizer.ProfileException;

/**
 * What a precision of keys and values costs.
 *
 * @param name as {@code float32}
 * @param bytesPerToken of one layer, at least 1
 * @param scratchPerPosition that attention takes besides for each position of the text, 0 where it works in place
 * @param extraDecode ms that one layer takes for a token beyond what the layers' lines say, which hold for {@code float32}
 */
public record KvCost(String name, long bytesPerToken, long scratchPerPosition, Line extraDecode) {
    private static final long MOST_BYTES = 1L << 30;
    private static final long MOST_SHARE = 8L << 20;
    private static final int SHARE = 4;

    /** Checks the ranges. */
    public KvCost {
        if (name.isEmpty()) {
            throw new ProfileException("kv.name", "empty", "a precision, such as float32");
        }
        Checks.within("bytesPerToken", bytesPerToken, 1, MOST_BYTES);
        Checks.within("scratchPerPosition", scratchPerPosition, 0, MOST_BYTES);
    }

    /** Returns the precision that works in place and takes no time beyond the layers' lines. */
    public static KvCost float32(long bytesPerToken) {
        return new KvCost("float32", bytesPerToken, 0, Line.ZERO);
    }

    /**
     * Returns what attention takes at most besides the cache: the engine shortens its chunks until scores take no more than a quarter
     * of the cache's size and 8 MiB, but not below the chunk whose scores {@code scratchPerPosition} counts. Ours.
     *
     * @param layers of the segment
     * @param length W
     */
    public long scratch(int layers, int length) {
        if (scratchPerPosition == 0) {
            return 0;
        }
        long share = Math.min(MOST_SHARE, layers * bytesPerToken * length / SHARE);
        return Math.max(scratchPerPosition * length, share);
    }
}
