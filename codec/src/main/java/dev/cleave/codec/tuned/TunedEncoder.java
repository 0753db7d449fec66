package dev.cleave.codec.tuned;

import dev.cleave.codec.frame.FrameEncoder;
import dev.cleave.codec.frame.LevelId;
import dev.cleave.codec.frame.RowFormat;
import dev.cleave.codec.rans.LittleEndian;
import dev.cleave.codec.rans.RangeSymbols;
import dev.cleave.codec.rans.RangeWriter;
import dev.cleave.codec.rans.SpreadTables;

/**
 * Writes {@code tuned} frames. The rows:
 *
 * <pre>
 *   count          2, where flag 2 is set: how many tokens escape
 *   their values   d float32 each
 *   range coder    to the end of the rows, all tokens one after another; of each:
 *                    shift       −7..7 by the table of spread 16; its symbol 'other': the token escapes, and nothing follows
 *                    codeword    where flag 1 is not set, and there are several
 *                    d codes     by the table of spread[k] + shift; 'other' is followed by 16 bits, low byte first
 * </pre>
 *
 * Flag 1 says that the token's id is known at the other end, flag 4 that the one before it is. Flag 8 says that the first codes of a
 * frame's only token are what the range coder's state is left with, see {@link BitsBackCodes}. The error that it reports is
 * that of the components; it differs from that of the values by what a float32 transform rounds off.
 */
public final class TunedEncoder extends FrameEncoder {
    public static final int IDS_KNOWN = 1;
    public static final int ESCAPES = 2;
    public static final int BEFORE_KNOWN = 4;
    public static final int CODES_LEFT = 8;
    public static final int COUNT_BYTES = 2;

    private static final int CODER_BYTES_PER_CODE = 4;
    private static final int CODER_BYTES_PER_TOKEN = 8;
    private static final int ESCAPED = SpreadTables.REACH + 1;

    private final Calibration calibration;
    private final float step;
    private final TunedQuantizer[] quantizers;
    private final KnownToken known;
    private final BitsBackCodes left;
    private final RangeWriter coder = new RangeWriter();
    private final float[] components;
    private final float[] expected;
    private final float[] scores;
    private short[] codes = new short[0];
    private int[] shifts = new int[0];
    private int[] codewords = new int[0];
    private boolean ids;
    private int codesLeft;
    private int escapes;
    private int at;

    public TunedEncoder(LevelId level, TunedStep tuned, Calibration calibration, int width) {
        super(level, width);
        this.calibration = calibration;
        step = tuned.width(calibration.unit());
        quantizers = TunedQuantizer.of(tuned, calibration);
        known = new KnownToken(calibration.vocabulary());
        left = new BitsBackCodes(width);
        components = new float[width];
        expected = new float[width];
        scores = new float[calibration.codewords().rows()];
    }

    @Override
    public void known(int token, int beforeIt) {
        known.next(token, beforeIt);
    }

    @Override
    public long maxRowsBytes(int tokens) {
        return maxRowsBytes(tokens, width());
    }

    /** Returns the greatest number of bytes that so many rows take. */
    public static long maxRowsBytes(int tokens, int width) {
        return COUNT_BYTES
                + RangeWriter.STATE_BYTES
                + (long) tokens * (CODER_BYTES_PER_TOKEN + CODER_BYTES_PER_CODE * width);
    }

    @Override
    public int flags() {
        return (codesLeft > 0 ? CODES_LEFT : 0)
                | (ids ? IDS_KNOWN : 0)
                | (ids && known.before() >= 0 ? BEFORE_KNOWN : 0)
                | (escapes > 0 ? ESCAPES : 0);
    }

    @Override
    public void begin(int tokens) {
        if (shifts.length < tokens) {
            shifts = new int[tokens];
            codewords = new int[tokens];
            codes = new short[tokens * width()];
        }
        known.begin();
        coder.reserve(
                tokens * (CODER_BYTES_PER_TOKEN + CODER_BYTES_PER_CODE * width()) / RangeWriter.BYTES_PER_CODE + 1);
        ids = known.id() >= 0 && tokens == 1;
        escapes = 0;
        at = COUNT_BYTES;
    }

    @Override
    public double add(float[] row, double squaredNorm, byte[] out, int offset, int token) {
        calibration.transform(kind()).forward(row, components);
        if (ids) {
            calibration.expected(known.id(), known.before(), expected);
        } else {
            codewords[token] = calibration.nearestCodeword(components, scores);
            calibration.codewords().copy(codewords[token], expected);
        }
        double error = quantizer().quantize(components, expected, codes, token * width());
        if (Double.isNaN(error)) {
            shifts[token] = ESCAPED;
            escapes++;
            error = RowFormat.FLOAT32.write(row, out, offset + at);
            at += RowFormat.FLOAT32.rowBytes(row.length);
            return error;
        }
        shifts[token] = quantizer().shift(codes, token * width());
        return error;
    }

    private Calibration.Kind kind() {
        return ids ? Calibration.Kind.IDS : Calibration.Kind.CODEWORDS;
    }

    private TunedQuantizer quantizer() {
        return quantizers[kind().ordinal()];
    }

    @Override
    public int end(byte[] out, int offset, int tokens) {
        int length = at;
        if (escapes > 0) {
            LittleEndian.putShort(out, offset, escapes);
        } else {
            length = 0;
        }
        coder.begin(leave(tokens));
        for (int token = tokens - 1; token >= 0; token--) {
            if (shifts[token] != ESCAPED) {
                putCodes(token);
            }
            coder.putSymbol(RangeWriter.symbol(shifts[token]), TunedQuantizer.SHIFT_SPREAD);
        }
        return length + coder.end(out, offset + length);
    }

    /** Returns the number that the state is left with, and sets how many codes it stands for. */
    private int leave(int tokens) {
        codesLeft = 0;
        if (tokens > 1 || escapes > 0) {
            return 0;
        }
        int count = left.of(quantizer(), shifts[0]);
        int number = left.number(codes);
        if (number < 0) {
            return 0;
        }
        codesLeft = count;
        return number;
    }

    private void putCodes(int token) {
        TunedQuantizer quantizer = quantizer();
        int from = token * width();
        for (int k = width() - 1; k >= codesLeft; k--) {
            int code = codes[from + k];
            int symbol = RangeWriter.symbol(code);
            if (symbol == SpreadTables.OTHER) {
                coder.putShort(code);
            }
            coder.putSymbol(symbol, quantizer.spread(k, shifts[token]));
        }
        if (!ids && calibration.codewords().rows() > 1) {
            RangeSymbols symbols = calibration.codewordSymbols();
            coder.put(symbols.start(codewords[token]), symbols.frequency(codewords[token]));
        }
    }
}
