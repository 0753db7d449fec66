package dev.cleave.codec;

/**
 * The encoding half of a range coder (rANS, Duda, arXiv 1311.2540): a state below 2^31, frequencies of 4096, bytes. It takes
 * the symbols last to first and writes its bytes from the end of a buffer towards its beginning, so that a reader gets both
 * in order. The state begins at 0 instead of 2^23, as is usual: nothing is written until it has grown, which saves a stream 23
 * bits.
 */
final class RangeWriter {
    /** Below it, a reader takes in another byte where one is left. */
    static final int LEAST = 1 << 23;

    /** The greatest number of bytes that the last state takes. */
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
        state = 0;
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
        putSymbol(symbol, spread);
    }

    /** Puts a symbol of a spread's table. */
    void putSymbol(int symbol, int spread) {
        put(SpreadTables.start(spread)[symbol], SpreadTables.frequency(spread)[symbol]);
    }

    static int symbol(int distance) {
        return distance < -SpreadTables.REACH || distance > SpreadTables.REACH
                ? SpreadTables.OTHER
                : distance + SpreadTables.REACH;
    }

    /** Ends the stream and copies it: the last state, highest byte first and without zeros in front, then the bytes. */
    int end(byte[] out, int offset) {
        for (int x = state; x != 0; x >>>= 8) {
            bytes[--at] = (byte) x;
        }
        int length = bytes.length - at;
        System.arraycopy(bytes, at, out, offset, length);
        return length;
    }
}
