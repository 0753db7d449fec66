package dev.cleave.codec.rans;

import dev.cleave.codec.CodecException;
import dev.cleave.codec.CodecException.Reason;

/** The decoding half of {@link RangeWriter}. Reads within its bounds, whatever the bytes say. */
public final class RangeReader implements CodeReader {
    public byte[] bytes;
    public int at;
    public int end;
    public int state;
    private int origin;

    @Override
    public void begin(byte[] in, int from, int to, int frame) {
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
    public int symbol(int spread) {
        return symbol(SpreadTables.slot(spread));
    }

    private int symbol(int[] slots) {
        int slot = slots[state & SpreadTables.TOTAL - 1];
        become(left(state, slot));
        return slot >>> SpreadTables.SLOT_SYMBOL;
    }

    /** Takes one of other symbols. */
    public int symbol(RangeSymbols symbols) {
        int slot = state & SpreadTables.TOTAL - 1;
        int symbol = symbols.symbol(slot);
        become(left(state, symbols.frequency(symbol), slot - symbols.start(symbol)));
        return symbol;
    }

    /** Takes 16 bits with a sign. */
    public int nextShort() {
        int low = nextByte();
        return (short) (nextByte() << 8 | low);
    }

    @Override
    public void read(int centre, int spread, float[] levels, int most, float[] row, int from) {
        int[] slots = SpreadTables.slot(spread);
        int least = centre - SpreadTables.REACH;
        // code() with the state at hand: through a field each symbol would wait for a store and a load.
        byte[] source = bytes;
        int last = end - 2;
        int taken = at;
        int x = state;
        for (int i = from; i < row.length; i++) {
            int slot = slots[x & SpreadTables.TOTAL - 1];
            int code = slot >>> SpreadTables.SLOT_SYMBOL;
            if (taken <= last && code != SpreadTables.OTHER) {
                x = left(x, slot);
                int wanted = wanted(x);
                x = filled(x, wanted, source, taken);
                taken += wanted >> 3;
                code += least;
            } else {
                at = taken;
                state = x;
                code = code(slots, least);
                taken = at;
                x = state;
            }
            if ((code & ~most) != 0) {
                throw impossible(code, most, taken);
            }
            row[i] = levels[code];
        }
        at = taken;
        state = x;
    }

    /** Takes a code of any kind, near the end too. */
    public int code(int[] slots, int least) {
        int symbol = symbol(slots);
        return symbol == SpreadTables.OTHER ? nextByte() : least + symbol;
    }

    /** Returns what is left of a state once the symbol that owns the slot is gone. */
    public static int left(int x, int slot) {
        return left(x, slot >>> SpreadTables.PRECISION & SpreadTables.TOTAL - 1, slot & SpreadTables.TOTAL - 1);
    }

    private static int left(int x, int frequency, int distance) {
        return frequency * (x >>> SpreadTables.PRECISION) + distance;
    }

    public CodecException impossible(int code, int most, int position) {
        return new CodecException(
                Reason.FIELD, "code " + code + " where 0.." + most + " are possible", position - origin);
    }

    /** Takes eight bits. */
    public int nextByte() {
        int slot = state & SpreadTables.TOTAL - 1;
        become(left(state, 1 << SpreadTables.PRECISION - 8, slot & (1 << SpreadTables.PRECISION - 8) - 1));
        return slot >>> SpreadTables.PRECISION - 8;
    }

    /**
     * Goes on with what a symbol has left. Where two bytes are left the state is at least 2^23, so at least 2^11 once the symbol is gone, and two
     * bytes are the most that it wants: it takes 0 to 2 without a branch, which no processor could predict.
     */
    private void become(int x) {
        if (at <= end - 2) {
            int wanted = wanted(x);
            state = filled(x, wanted, bytes, at);
            at += wanted >> 3;
        } else {
            state = x;
            fill();
        }
    }

    /** Returns how many bits a state wants, in whole bytes: 0, 8 or 16. */
    public static int wanted(int x) {
        return Integer.numberOfLeadingZeros(x) - 1 & 3 << 3;
    }

    /** Returns a state with so many bits of the next two bytes. */
    public static int filled(int x, int wanted, byte[] in, int at) {
        int two = (in[at] & 0xFF) << 8 | in[at + 1] & 0xFF;
        return x << wanted | two >>> 16 - wanted;
    }

    /** Returns the byte of the frame that is read next. */
    public int position() {
        return at - origin;
    }

    @Override
    public RangeReader first() {
        return this;
    }

    @Override
    public int finish(int most) {
        if (at != end || state > most) {
            throw new CodecException(Reason.FIELD, "range-coded stream does not end with its last code", at - origin);
        }
        return state;
    }
}
