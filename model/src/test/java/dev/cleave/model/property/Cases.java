package dev.cleave.model.property;

import java.util.Random;
import java.util.function.LongConsumer;

/** A property, checked on many cases that are made of seeds: always the same seeds, so that a failure comes again. */
public final class Cases {
    private static final long ROOT = 0x1CEB00DAL;
    private static final long[] EXTREMES = {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE};

    private Cases() {}

    /**
     * Checks a property: first on the seeds at the ends of their range, then on others by chance.
     *
     * @param count of cases
     * @param property throws where it does not hold for the case that it makes of a seed
     * @throws AssertionError that names the seed of the first case that fails
     */
    public static void check(int count, LongConsumer property) {
        Random random = new Random(ROOT);
        for (int i = 0; i < count; i++) {
            long seed = i < EXTREMES.length ? EXTREMES[i] : random.nextLong();
            try {
                property.accept(seed);
            } catch (Exception | AssertionError e) {
                throw new AssertionError("case " + i + " of " + count + ", seed " + seed + "L: " + e.getMessage(), e);
            }
        }
    }
}
