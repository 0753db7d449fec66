package dev.cleave.codec.rans;

/** Writes the range-coded codes of a frame: last to first, so that a {@link CodeReader} gets them in order. */
public interface CodeWriter {
    /**
     * Begins a frame.
     *
     * @param left what the first coder's state is to end with, 0..511
     */
    void begin(int left);

    /** Returns the coder that takes what is not a code: the only one, or the first. */
    RangeWriter first();

    /**
     * Puts the codes of a token, all of them behind those of the tokens put before.
     *
     * @param codes a byte each, without a sign
     * @param centre code that the spread's table stands around
     */
    void put(byte[] codes, int from, int to, int centre, int spread);

    /**
     * Ends the frame's codes and writes them.
     *
     * @return bytes written
     */
    int end(byte[] out, int offset);
}
