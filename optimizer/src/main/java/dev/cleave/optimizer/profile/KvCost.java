package dev.cleave.optimizer.profile;

import dev.cleave.optimizer.ProfileException;

/**
 * What a precision of keys and values costs.
 *
 * @param name as {@code float32}
 * @param bytesPerToken of one layer, at least 1
 * @param extraDecode ms that one layer takes for a token beyond what the layers' lines say, which hold for {@code float32}
 */
public record KvCost(String name, long bytesPerToken, Line extraDecode) {
    private static final long MOST_BYTES = 1L << 30;

    /** Checks the ranges. */
    public KvCost {
        if (name.isEmpty()) {
            throw new ProfileException("kv.name", "empty", "a precision, such as float32");
        }
        Checks.within("bytesPerToken", bytesPerToken, 1, MOST_BYTES);
    }
}
