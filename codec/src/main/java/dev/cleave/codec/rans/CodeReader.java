package dev.cleave.codec.rans;

/** Reads what a {@link CodeWriter} has written. Reads within its bounds, whatever the bytes say. */
public interface CodeReader {
    /**
     * Begins a frame.
     *
     * @param from of its range-coded codes
     * @param to behind their last byte
     * @param frame of the frame, from which errors count
     */
    void begin(byte[] in, int from, int to, int frame);

    /**
     * Takes the codes of a token.
     *
     * @param levels the value of each code 0..{@code most}
     * @param most greatest code, 2^b − 1
     * @param row takes the values, from index {@code from} to its end
     */
    void read(int centre, int spread, float[] levels, int most, float[] row, int from);

    /** Returns the coder that holds what is not a code: the only one, or the first. */
    RangeReader first();

    /**
     * Checks that the codes end where the last was read.
     *
     * @param most that the first coder's state may end with
     * @return what it ends with, 0..{@code most}
     */
    int finish(int most);
}
