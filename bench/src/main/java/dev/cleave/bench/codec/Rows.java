package dev.cleave.bench.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Random;

/**
 * Rows like a hidden state's: normal values, and in one of some hundred columns far larger ones in every row.
 *
 * @param tokens rows
 * @param width d
 */
record Rows(int tokens, int width) {
    private static final int COLUMNS = 97;
    private static final int LARGE = 60;

    /** Reads what {@link #toString} writes. */
    static Rows of(String text) {
        String[] parts = text.split("x");
        return new Rows(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
    }

    int values() {
        return tokens * width;
    }

    int bytes() {
        return values() * Float.BYTES;
    }

    /** Returns the rows as little-endian float32. */
    byte[] asBytes() {
        Random random = new Random(1);
        ByteBuffer bytes = ByteBuffer.allocate(bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < values(); i++) {
            bytes.putFloat((float) random.nextGaussian() * (i % width % COLUMNS == 3 ? LARGE : 1));
        }
        return bytes.array();
    }

    /** Returns room for the rows outside the heap, where an engine has them. */
    FloatBuffer room() {
        return ByteBuffer.allocateDirect(bytes()).order(ByteOrder.nativeOrder()).asFloatBuffer();
    }

    /** Returns the rows outside the heap. */
    FloatBuffer hidden() {
        FloatBuffer hidden = room();
        hidden.put(ByteBuffer.wrap(asBytes()).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer());
        hidden.clear();
        return hidden;
    }

    @Override
    public String toString() {
        return tokens + "x" + width;
    }
}
