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

    /** Takes a code, 0..255. */
    int code(int centre, int spread) {
        int symbol = symbol(spread);
        return symbol == SpreadTables.OTHER ? nextByte() : centre + symbol - SpreadTables.REACH;
    }

    /** Takes a symbol of a spread's table. */
    int symbol(int spread) {
        int slot = state & SpreadTables.TOTAL - 1;
        int symbol = SpreadTables.symbol(spread)[slot];
        advance(SpreadTables.start(spread)[symbol], SpreadTables.frequency(spread)[symbol], slot);
        return symbol;
    }

    /** Takes one of other symbols. */
    int symbol(RangeSymbols symbols) {
        int slot = state & SpreadTables.TOTAL - 1;
        int symbol = symbols.symbol(slot);
        advance(symbols.start(symbol), symbols.frequency(symbol), slot);
        return symbol;
    }

    /** Takes 16 bits with a sign. */
    int nextShort() {
        int low = nextByte();
        return (short) (nextByte() << 8 | low);
    }

    private int nextByte() {
        int slot = state & SpreadTables.TOTAL - 1;
        int value = slot >>> SpreadTables.PRECISION - 8;
        advance(value << SpreadTables.PRECISION - 8, 1 << SpreadTables.PRECISION - 8, slot);
        return value;
    }

    private void advance(int start, int frequency, int slot) {
        state = frequency * (state >>> SpreadTables.PRECISION) + slot - start;
        fill();
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
