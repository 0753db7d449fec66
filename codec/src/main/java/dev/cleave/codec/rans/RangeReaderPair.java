package dev.cleave.codec.rans;

import dev.cleave.codec.CodecException;
import dev.cleave.codec.CodecException.Reason;

/** The decoding half of {@link RangeWriterPair}. */
public final class RangeReaderPair implements CodeReader {
    private final RangeReader even = new RangeReader();
    private final RangeReader odd = new RangeReader();

    @Override
    public void begin(byte[] in, int from, int to, int frame) {
        int left = to - from - RangeWriterPair.LENGTH_BYTES;
        int first = left < 0 ? -1 : LittleEndian.getInt(in, from);
        if (first < 0 || first > left) {
            throw new CodecException(
                    Reason.LENGTH,
                    "the first range coder takes " + (first & 0xFFFF_FFFFL) + " bytes where " + Math.max(0, left)
                            + " are left behind its length",
                    from - frame);
        }
        int middle = from + RangeWriterPair.LENGTH_BYTES + first;
        even.begin(in, middle - first, middle, frame);
        odd.begin(in, middle, to, frame);
    }

    @Override
    public void read(int centre, int spread, float[] levels, int most, float[] row, int from) {
        int[] slots = SpreadTables.slot(spread);
        int least = centre - SpreadTables.REACH;
        byte[] in = even.bytes;
        int evenLast = even.end - 2;
        int oddLast = odd.end - 2;
        int evenAt = even.at;
        int evenState = even.state;
        int oddAt = odd.at;
        int oddState = odd.state;
        int i = from;
        for (; i + 1 < row.length; i += 2) {
            int evenSlot = slots[evenState & SpreadTables.TOTAL - 1];
            int oddSlot = slots[oddState & SpreadTables.TOTAL - 1];
            int evenCode = evenSlot >>> SpreadTables.SLOT_SYMBOL;
            int oddCode = oddSlot >>> SpreadTables.SLOT_SYMBOL;
            // Within reach, and no stream near its end: what RangeReader does, of both by turns.
            if (evenAt <= evenLast
                    && oddAt <= oddLast
                    && evenCode != SpreadTables.OTHER
                    && oddCode != SpreadTables.OTHER) {
                evenState = RangeReader.left(evenState, evenSlot);
                oddState = RangeReader.left(oddState, oddSlot);
                int evenWanted = RangeReader.wanted(evenState);
                int oddWanted = RangeReader.wanted(oddState);
                evenState = RangeReader.filled(evenState, evenWanted, in, evenAt);
                oddState = RangeReader.filled(oddState, oddWanted, in, oddAt);
                evenAt += evenWanted >> 3;
                oddAt += oddWanted >> 3;
                evenCode += least;
                oddCode += least;
            } else {
                even.at = evenAt;
                even.state = evenState;
                odd.at = oddAt;
                odd.state = oddState;
                evenCode = even.code(slots, least);
                oddCode = odd.code(slots, least);
                evenAt = even.at;
                evenState = even.state;
                oddAt = odd.at;
                oddState = odd.state;
            }
            if (((evenCode | oddCode) & ~most) != 0) {
                throw (evenCode & ~most) != 0
                        ? even.impossible(evenCode, most, evenAt)
                        : odd.impossible(oddCode, most, oddAt);
            }
            row[i] = levels[evenCode];
            row[i + 1] = levels[oddCode];
        }
        even.at = evenAt;
        even.state = evenState;
        odd.at = oddAt;
        odd.state = oddState;
        if (i < row.length) {
            even.read(centre, spread, levels, most, row, i);
        }
    }

    @Override
    public RangeReader first() {
        return even;
    }

    @Override
    public int finish(int most) {
        odd.finish(0);
        return even.finish(most);
    }
}
