package dev.cleave.codec;

import dev.cleave.codec.CodecException.Reason;

/** The decoding half of {@link RangeWriter}. Reads within its bounds, whatever the bytes say. */
final class RangeReader {
    private byte[] bytes;
    private int origin;
    private int at;
    private int end;
    private int state;

    /**
     * Begins a stream.
     *
     * @param from of the stream
     * @param to behind its last byte
     * @param frame of the frame, from which errors count
     */
    void begin(byte[] in, int from, int to, int frame) {
        bytes = in;
        origin = frame;
        at = from;
        end = to;
        state = 0;
        fill();
    }

    private void fill() {
        int x = state;
        while (x < RangeWriter.LEAST && at < end) {
            x = x << 8 | bytes[at++] & 0xFF;
        }
        state = x;
    }

    /** Takes a symbol of a spread's table. */
    int symbol(int spread) {
        int slot = SpreadTables.slot(spread)[state & SpreadTables.TOTAL - 1];
        advance(slot >>> SpreadTables.PRECISION & SpreadTables.TOTAL - 1, slot & SpreadTables.TOTAL - 1);
        return slot >>> SpreadTables.SLOT_SYMBOL;
    }

    /** Takes one of other symbols. */
    int symbol(RangeSymbols symbols) {
        int slot = state & SpreadTables.TOTAL - 1;
        int symbol = symbols.symbol(slot);
        advance(symbols.frequency(symbol), slot - symbols.start(symbol));
        return symbol;
    }

    /** Takes 16 bits with a sign. */
    int nextShort() {
        int low = nextByte();
        return (short) (nextByte() << 8 | low);
    }

    /**
     * Takes the codes of a token.
     *
     * @param levels the value of each code 0..{@code most}
     * @param most greatest code, 2^b − 1
     * @param row takes the values, from index {@code from} to its end
     */
    void read(int centre, int spread, float[] levels, int most, float[] row, int from) {
        int[] slots = SpreadTables.slot(spread);
        int least = centre - SpreadTables.REACH;
        // advance with the state at hand: through a field each symbol would wait for a store and a load.
        byte[] source = bytes;
        int taken = at;
        int x = state;
        for (int i = from; i < row.length; i++) {
            int slot = slots[x & SpreadTables.TOTAL - 1];
            int symbol = slot >>> SpreadTables.SLOT_SYMBOL;
            int frequency = slot >>> SpreadTables.PRECISION & SpreadTables.TOTAL - 1;
            int distance = slot & SpreadTables.TOTAL - 1;
            int code = least + symbol;
            if (taken <= end - 2 && symbol != SpreadTables.OTHER) {
                x = frequency * (x >>> SpreadTables.PRECISION) + distance;
                int wanted = wanted(x);
                int two = (source[taken] & 0xFF) << 8 | source[taken + 1] & 0xFF;
                x = x << wanted | two >>> 16 - wanted;
                taken += wanted >> 3;
            } else {
                at = taken;
                state = x;
                advance(frequency, distance);
                code = symbol == SpreadTables.OTHER ? nextByte() : code;
                taken = at;
                x = state;
            }
            if ((code & ~most) != 0) {
                throw new CodecException(
                        Reason.FIELD, "code " + code + " where 0.." + most + " are possible", taken - origin);
            }
            row[i] = levels[code];
        }
        at = taken;
        state = x;
    }

    private int nextByte() {
        int slot = state & SpreadTables.TOTAL - 1;
        advance(1 << SpreadTables.PRECISION - 8, slot & (1 << SpreadTables.PRECISION - 8) - 1);
        return slot >>> SpreadTables.PRECISION - 8;
    }

    /**
     * Leaves a symbol behind. Where two bytes are left the state is at least 2^23, so at least 2^11 once the symbol is gone, and two
     * bytes are the most that it wants: it takes 0 to 2 without a branch, which no processor could foretell.
     */
    private void advance(int frequency, int distance) {
        int x = frequency * (state >>> SpreadTables.PRECISION) + distance;
        if (at <= end - 2) {
            int wanted = wanted(x);
            int two = (bytes[at] & 0xFF) << 8 | bytes[at + 1] & 0xFF;
            state = x << wanted | two >>> 16 - wanted;
            at += wanted >> 3;
        } else {
            state = x;
            fill();
        }
    }

    /** Returns how many bits a state wants, in whole bytes: 0, 8 or 16. */
    private static int wanted(int x) {
        return Integer.numberOfLeadingZeros(x) - 1 & 3 << 3;
    }

    /** Returns the byte of the frame that is read next. */
    int position() {
        return at - origin;
    }

    /** Checks that the stream ends where its last symbol does. */
    void finish() {
        if (at != end || state != 0) {
            throw new CodecException(Reason.FIELD, "range-coded stream does not end with its last code", at - origin);
        }
    }
}
