package dev.cleave.codec;

import java.nio.FloatBuffer;

/** Turns rows of activations into one frame. Made for one thread and one session; it keeps scratch space, and may keep state. */
public interface Encoder {
    /**
     * Returns the greatest size of a frame, in bytes.
     *
     * @param tokens rows, 1..65535
     * @throws IllegalArgumentException outside that range, or where the frame would exceed 2^31 - 1 bytes
     */
    int maxEncodedSize(int tokens);

    /**
     * Encodes the first {@code tokens} rows of {@code hidden}, [tokens, d], into {@code out}. Allocates nothing.
     *
     * @param hidden read from index 0 to its capacity, direct or not; position and limit are afterwards what they were
     * @param tokens rows, 1..65535
     * @param out takes the frame from {@code offset} on, at least {@link #maxEncodedSize} bytes
     * @return bytes written
     * @throws CodecException for NaN or infinity, naming row and column; {@code out} then holds anything
     * @throws IndexOutOfBoundsException where {@code out} or {@code hidden} is too small; {@code out} is then untouched
     */
    int encode(FloatBuffer hidden, int tokens, byte[] out, int offset);

    /**
     * Says that the next frame holds one token, whose id the other end knows because it has sampled it. Levels that
     * predict activations then send what they could not predict; to others it means nothing. It holds for one frame.
     *
     * @param token its id
     * @param beforeIt id of the token before it, or -1 where the other end does not know that one
     */
    default void known(int token, int beforeIt) {}

    /** Returns ‖x − x̂‖ / ‖x‖ of the last frame, over all its values, in double; 0 before the first and for x = 0. */
    double relativeError();
}
