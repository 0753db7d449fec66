package dev.cleave.codec.rans;

/**
 * Two range coders for the codes of one frame: of each token, those of even order go to the first, those of odd order to the second;
 * headers go to the first.
 * Within one, a symbol waits for the state that the symbol before has left; of two, a processor works on one while the other waits.
 *
 * <pre>
 *   length     4   bytes of the first
 *   first          see {@link RangeWriter}
 *   second         to the end
 * </pre>
 */
public final class RangeWriterPair implements CodeWriter {
    public static final int LENGTH_BYTES = 4;

    private final RangeWriter even = new RangeWriter();
    private final RangeWriter odd = new RangeWriter();

    /** Makes room for frames of so many codes. */
    public void reserve(int codes) {
        even.reserve(codes);
        odd.reserve(codes);
    }

    @Override
    public void begin(int left) {
        even.begin(left);
        odd.begin(0);
    }

    @Override
    public RangeWriter first() {
        return even;
    }

    @Override
    public void put(byte[] codes, int from, int to, int centre, int spread) {
        int last = to;
        if ((to - from) % 2 != 0) {
            even.put(codes, --last, to, centre, spread);
        }
        int[] starts = SpreadTables.start(spread);
        int[] frequencies = SpreadTables.frequency(spread);
        long[] reciprocals = SpreadTables.reciprocal(spread);
        int[] shifts = SpreadTables.shift(spread);
        byte[] evenBytes = even.bytes;
        int evenAt = even.at;
        int evenState = even.state;
        byte[] oddBytes = odd.bytes;
        int oddAt = odd.at;
        int oddState = odd.state;
        // What RangeWriter does, of both by turns: an array or a call for either would undo what two are for.
        for (int i = last - 1; i > from; i -= 2) {
            int oddSymbol = RangeWriter.symbol((codes[i] & 0xFF) - centre);
            int evenSymbol = RangeWriter.symbol((codes[i - 1] & 0xFF) - centre);
            if (oddSymbol == SpreadTables.OTHER) {
                odd.at = oddAt;
                odd.state = oddState;
                odd.putByte(codes[i]);
                oddAt = odd.at;
                oddState = odd.state;
            }
            if (evenSymbol == SpreadTables.OTHER) {
                even.at = evenAt;
                even.state = evenState;
                even.putByte(codes[i - 1]);
                evenAt = even.at;
                evenState = even.state;
            }
            int oddFrequency = frequencies[oddSymbol];
            oddBytes[oddAt - 1] = (byte) oddState;
            oddBytes[oddAt - 2] = (byte) (oddState >>> 8);
            oddAt -= RangeWriter.leaving(oddState, oddFrequency);
            oddState = RangeWriter.shrunk(oddState, oddFrequency);
            int evenFrequency = frequencies[evenSymbol];
            evenBytes[evenAt - 1] = (byte) evenState;
            evenBytes[evenAt - 2] = (byte) (evenState >>> 8);
            evenAt -= RangeWriter.leaving(evenState, evenFrequency);
            evenState = RangeWriter.shrunk(evenState, evenFrequency);
            int oddQuotient = (int) (oddState * reciprocals[oddSymbol] >>> shifts[oddSymbol]);
            int evenQuotient = (int) (evenState * reciprocals[evenSymbol] >>> shifts[evenSymbol]);
            oddState = RangeWriter.advanced(oddState, starts[oddSymbol], oddFrequency, oddQuotient);
            evenState = RangeWriter.advanced(evenState, starts[evenSymbol], evenFrequency, evenQuotient);
        }
        even.at = evenAt;
        even.state = evenState;
        odd.at = oddAt;
        odd.state = oddState;
    }

    @Override
    public int end(byte[] out, int offset) {
        int first = even.end(out, offset + LENGTH_BYTES);
        LittleEndian.putInt(out, offset, first);
        return LENGTH_BYTES + first + odd.end(out, offset + LENGTH_BYTES + first);
    }
}
