package dev.cleave.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Random;

/** Rows to encode, and buffers to hold them. */
final class Activations {
    private Activations() {}

    /** Like a hidden state: normal values, and a few columns that are far larger in every row. */
    static float[] hidden(int tokens, int width, long seed) {
        Random random = new Random(seed);
        float[] values = new float[tokens * width];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian() * (i % width % 97 == 3 ? 60 : 1);
        }
        return values;
    }

    static FloatBuffer heap(float[] values) {
        return FloatBuffer.wrap(values.clone());
    }

    static FloatBuffer direct(float[] values) {
        FloatBuffer buffer = ByteBuffer.allocateDirect(4 * values.length)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        buffer.put(values).clear();
        return buffer;
    }

    static float[] contents(FloatBuffer buffer) {
        float[] values = new float[buffer.capacity()];
        for (int i = 0; i < values.length; i++) {
            values[i] = buffer.duplicate().clear().get(i);
        }
        return values;
    }

    /** Encodes into an array of exactly the frame's size. */
    static byte[] frame(CodecLevel level, float[] values, int tokens) {
        Encoder encoder = level.encoder(values.length / tokens);
        byte[] out = new byte[encoder.maxEncodedSize(tokens)];
        int length = encoder.encode(heap(values), tokens, out, 0);
        return java.util.Arrays.copyOf(out, length);
    }

    static float[] decode(CodecLevel level, byte[] frame, int tokens, int width) {
        FloatBuffer hidden = FloatBuffer.allocate(tokens * width);
        level.decoder(width).decode(frame, 0, frame.length, hidden);
        return hidden.array();
    }
}
