package dev.cleave.codec;

import java.util.List;
import java.util.Random;

/** What a case of a property is made of, drawn by its seed. Numbers at the ends of their ranges come more often than by chance. */
final class Draws {
    private static final float[] EDGES = {
        0f, -0f, Float.MIN_VALUE, -Float.MIN_VALUE, Float.MIN_NORMAL, Float.MAX_VALUE, -Float.MAX_VALUE
    };
    private static final int EDGE_SHARE = 10;

    private final Random random;

    Draws(long seed) {
        random = new Random(seed);
    }

    /** Returns one of {@code least..most}; in one of five cases either end. */
    int between(int least, int most) {
        switch (random.nextInt(EDGE_SHARE)) {
            case 0:
                return least;
            case 1:
                return most;
            default:
                return least + random.nextInt(most - least + 1);
        }
    }

    <T> T of(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    int of(int... choices) {
        return choices[random.nextInt(choices.length)];
    }

    boolean flip() {
        return random.nextBoolean();
    }

    long seed() {
        return random.nextLong();
    }

    byte[] bytes(int least, int most) {
        byte[] bytes = new byte[between(least, most)];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Returns finite floats: any bits, denormals, both zeros, the largest, and values as activations have. */
    float[] row(int width) {
        float[] row = new float[width];
        for (int i = 0; i < width; i++) {
            row[i] = finite();
        }
        return row;
    }

    private float finite() {
        switch (random.nextInt(4)) {
            case 0:
                float any = Float.intBitsToFloat(random.nextInt());
                return Float.isFinite(any) ? any : Float.intBitsToFloat(random.nextInt(1 << 23));
            case 1:
                return EDGES[random.nextInt(EDGES.length)];
            case 2:
                return 16 * random.nextFloat() - 8;
            default:
                return 120_000 * random.nextFloat() - 60_000;
        }
    }
}
