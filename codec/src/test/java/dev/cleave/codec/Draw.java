package dev.cleave.codec;

import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** Values of one case of a property. The seeds are always the same, so that a failure comes again. */
final class Draw {
    private static final long FIRST_SEED = 0x1CEB00DAL;
    private static final float[] EDGES = {
        0f, -0f, Float.MIN_VALUE, -Float.MIN_VALUE, Float.MIN_NORMAL, Float.MAX_VALUE, -Float.MAX_VALUE
    };

    private final Random random;

    private Draw(long seed) {
        random = new Random(seed);
    }

    /**
     * Checks a property on many cases.
     *
     * @throws AssertionError that names the seed of the first case that fails
     */
    static void check(int cases, Consumer<Draw> property) {
        for (int i = 0; i < cases; i++) {
            long seed = FIRST_SEED + i;
            try {
                property.accept(new Draw(seed));
            } catch (Exception | AssertionError e) {
                throw new AssertionError("case " + i + " of " + cases + ", seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }

    <T> T of(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    <T> T of(T[] values) {
        return values[random.nextInt(values.length)];
    }

    int of(int... values) {
        return values[random.nextInt(values.length)];
    }

    /** Both ends included; now and then an end itself. */
    int between(int least, int most) {
        switch (random.nextInt(16)) {
            case 0:
                return least;
            case 1:
                return most;
            default:
                return (int) (least + (long) (random.nextDouble() * ((long) most - least + 1)));
        }
    }

    long seed() {
        return random.nextLong();
    }

    boolean yes() {
        return random.nextBoolean();
    }

    byte[] bytes(int least, int most) {
        byte[] bytes = new byte[between(least, most)];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Finite floats: any bits, denormals among them; the ends of their range; numbers as activations have them; larger ones. */
    float[] row(int least, int most) {
        float[] row = new float[between(least, most)];
        boolean alike = yes();
        int kind = random.nextInt(4);
        for (int i = 0; i < row.length; i++) {
            row[i] = finite(alike ? kind : random.nextInt(4));
        }
        return row;
    }

    private float finite(int kind) {
        switch (kind) {
            case 0:
                float any = Float.intBitsToFloat(random.nextInt());
                return Float.isFinite(any) ? any : 0;
            case 1:
                return EDGES[random.nextInt(EDGES.length)];
            case 2:
                return random.nextFloat() * 16 - 8;
            default:
                return random.nextFloat() * 120_000 - 60_000;
        }
    }
}
