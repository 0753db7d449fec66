package dev.cleave.codec.rans;

/**
 * The encoding half of a range coder (rANS, Duda, arXiv 1311.2540): a state below 2^31, frequencies of 4096, bytes. It takes
 * the symbols last to first and writes its bytes from the end of a buffer towards its beginning, so that a reader gets both
 * in order. The state begins at 0, or at a small number that a reader gets in the end, instead of 2^23, as is usual: nothing is written
 * until it has grown, which saves a stream 23 bits.
 */
public final class RangeWriter implements CodeWriter {
    /** Below it, a reader takes in another byte where one is left. */
    public static final int LEAST = 1 << 23;

    /** The greatest number of bytes that the last state takes. */
    public static final int STATE_BYTES = 4;

    /** A code takes 12 bits at most, and 8 more where it is far from the centre. */
    public static final int BYTES_PER_CODE = 3;

    /** A byte is a symbol of 256 that have 16 slots each. */
    private static final int BYTE_SHIFT = SpreadTables.PRECISION - 8;

    /** Bits of a state that a symbol of one slot leaves free. */
    private static final int FREE_BITS = 31 - SpreadTables.PRECISION;

    public byte[] bytes = new byte[0];
    public int at;
    public int state;

    /** Makes room for streams of so many codes. */
    public void reserve(int codes) {
        int capacity = codes * BYTES_PER_CODE + STATE_BYTES;
        if (bytes.length < capacity) {
            bytes = new byte[capacity];
        }
    }

    @Override
    public void begin(int left) {
        at = bytes.length;
        state = left;
    }

    @Override
    public RangeWriter first() {
        return this;
    }

    @Override
    public void put(byte[] codes, int from, int to, int centre, int spread) {
        int[] starts = SpreadTables.start(spread);
        int[] frequencies = SpreadTables.frequency(spread);
        long[] reciprocals = SpreadTables.reciprocal(spread);
        int[] shifts = SpreadTables.shift(spread);
        // putSymbol with the state at hand: through a field each symbol would wait for a store and a load.
        byte[] target = bytes;
        int free = at;
        int x = state;
        for (int i = to - 1; i >= from; i--) {
            int code = codes[i] & 0xFF;
            int symbol = symbol(code - centre);
            if (symbol == SpreadTables.OTHER) {
                at = free;
                state = x;
                putByte(code);
                free = at;
                x = state;
            }
            int frequency = frequencies[symbol];
            target[free - 1] = (byte) x;
            target[free - 2] = (byte) (x >>> 8);
            free -= leaving(x, frequency);
            x = shrunk(x, frequency);
            x = advanced(x, starts[symbol], frequency, (int) (x * reciprocals[symbol] >>> shifts[symbol]));
        }
        at = free;
        state = x;
    }

    /**
     * Moves bytes out of the state until it has room for a symbol: two at most, because state and frequency are at least 2^19 apart
     * then. Both are stored and as many kept as left: a branch here would be predicted wrongly every few symbols.
     */
    private void shrink(int frequency) {
        bytes[at - 1] = (byte) state;
        bytes[at - 2] = (byte) (state >>> 8);
        at -= leaving(state, frequency);
        state = shrunk(state, frequency);
    }

    /** Returns how many bytes leave a state before a symbol of that frequency, 0 to 2. */
    public static int leaving(int x, int frequency) {
        int most = (frequency << FREE_BITS) - 1;
        return (most - x >>> 31) + (most - (x >>> 8) >>> 31);
    }

    /** Returns the state without them: by selections, which take less time than a shift by a number of bits. */
    public static int shrunk(int x, int frequency) {
        int most = (frequency << FREE_BITS) - 1;
        int once = x >>> 8;
        int twice = once > most ? x >>> 16 : once;
        return x > most ? twice : x;
    }

    /** Puts eight bits that are all equally likely. */
    public void putByte(int value) {
        put((value & 0xFF) << BYTE_SHIFT, 1 << BYTE_SHIFT);
    }

    /** Puts 16 bits, as {@link RangeReader#nextShort()} takes them. */
    public void putShort(int value) {
        putByte(value >> 8);
        putByte(value);
    }

    /** Puts a symbol of a spread's table. */
    public void putSymbol(int symbol, int spread) {
        int frequency = SpreadTables.frequency(spread)[symbol];
        shrink(frequency);
        long product = state * SpreadTables.reciprocal(spread)[symbol];
        int quotient = (int) (product >>> SpreadTables.shift(spread)[symbol]);
        state = advanced(state, SpreadTables.start(spread)[symbol], frequency, quotient);
    }

    /** Puts a symbol that has {@code frequency} slots of 4096, 1..4095, from {@code start} on. */
    public void put(int start, int frequency) {
        shrink(frequency);
        state = advanced(state, start, frequency, state / frequency);
    }

    /** Returns the state with a symbol whose frequency is {@code quotient} times in it: (x / f · 4096) + x mod f + start. */
    public static int advanced(int x, int start, int frequency, int quotient) {
        return x + quotient * (SpreadTables.TOTAL - frequency) + start;
    }

    public static int symbol(int distance) {
        return distance < -SpreadTables.REACH || distance > SpreadTables.REACH
                ? SpreadTables.OTHER
                : distance + SpreadTables.REACH;
    }

    /** Ends the stream and copies it: the last state, highest byte first and without zeros in front, then the bytes. */
    @Override
    public int end(byte[] out, int offset) {
        for (int x = state; x != 0; x >>>= 8) {
            bytes[--at] = (byte) x;
        }
        int length = bytes.length - at;
        System.arraycopy(bytes, at, out, offset, length);
        return length;
    }
}
