package dev.cleave.codec;

import java.nio.FloatBuffer;

/** Turns one frame into rows of activations. Made for one thread and one session. */
public interface Decoder {
    /**
     * Decodes a frame. Allocates nothing, whatever the frame says.
     *
     * @param in holds the frame
     * @param offset of its first byte
     * @param length bytes of the frame; it must end there
     * @param hidden takes the rows, [tokens, d], from index 0 to its capacity, direct or not; position and limit are
     *     afterwards what they were
     * @return tokens, 1..{@code hidden.capacity() / d}
     * @throws CodecException for a frame that is cut off, damaged, of another version, level or width, or too long for
     *     {@code hidden}; {@code hidden} then holds anything
     * @throws IndexOutOfBoundsException where {@code in} does not hold {@code length} bytes from {@code offset}
     */
    int decode(byte[] in, int offset, int length, FloatBuffer hidden);

    /**
     * Says which token the next frame holds where it holds one that this end has sampled; see {@link Encoder#known}. Whether
     * a frame builds on it stands in the frame. It holds for one frame.
     *
     * @param token its id
     * @param beforeIt id of the token before it, or -1 where this end does not know that one
     */
    default void known(int token, int beforeIt) {}
}
