package dev.cleave.codec;

/**
 * The encoding half of a range coder (rANS, Duda, arXiv 1311.2540): a state of 31 bits, frequencies of 4096, bytes. It takes
 * the symbols last to first and writes its bytes from the end of a buffer towards its beginning, so that a reader gets both
 * in order.
 */
final class RangeWriter {
    /** The least state, and the first one. */
    static final int LEAST = 1 << 23;

    static final int STATE_BYTES = 4;

    private byte[] bytes = new byte[0];
    private int at;
    private int state;

    /** Begins a stream of at most so many bytes. */
    void begin(int capacity) {
        if (bytes.length < capacity) {
            bytes = new byte[capacity];
        }
        at = bytes.length;
        state = LEAST;
    }

    /** Puts a symbol that has {@code frequency} slots of 4096, 1..4095, from {@code start} on. */
    void put(int start, int frequency) {
        int x = state;
        while (x >= frequency << 31 - SpreadTables.PRECISION) {
            bytes[--at] = (byte) x;
            x >>>= 8;
        }
        state = (x / frequency << SpreadTables.PRECISION) + x % frequency + start;
    }

    /** Puts eight bits that are all equally likely. */
    void putByte(int value) {
        put((value & 0xFF) << SpreadTables.PRECISION - 8, 1 << SpreadTables.PRECISION - 8);
    }

    /** Puts a code by its distance from the centre. */
    void putCode(int code, int centre, int spread) {
        int symbol = symbol(code - centre);
        if (symbol == SpreadTables.OTHER) {
            putByte(code);
        }
        put(SpreadTables.start(spread)[symbol], SpreadTables.frequency(spread)[symbol]);
    }

    static int symbol(int distance) {
        return distance < -SpreadTables.REACH || distance > SpreadTables.REACH
                ? SpreadTables.OTHER
                : distance + SpreadTables.REACH;
    }

    /** Ends the stream and copies it. Returns its length. */
    int end(byte[] out, int offset) {
        at -= STATE_BYTES;
        LittleEndian.putInt(bytes, at, state);
        int length = bytes.length - at;
        System.arraycopy(bytes, at, out, offset, length);
        return length;
    }
}
