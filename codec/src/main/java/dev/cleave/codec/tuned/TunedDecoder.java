package dev.cleave.codec.tuned;

import dev.cleave.codec.CodecException;
import dev.cleave.codec.CodecException.Reason;
import dev.cleave.codec.frame.Frame;
import dev.cleave.codec.frame.FrameDecoder;
import dev.cleave.codec.frame.LevelId;
import dev.cleave.codec.frame.RowFormat;
import dev.cleave.codec.rans.LittleEndian;
import dev.cleave.codec.rans.RangeReader;
import dev.cleave.codec.rans.SpreadTables;

/** Reads {@code tuned} frames; see {@link TunedEncoder} for their layout. */
public final class TunedDecoder extends FrameDecoder {
    private static final int MOST_FLAGS =
            TunedEncoder.IDS_KNOWN | TunedEncoder.ESCAPES | TunedEncoder.BEFORE_KNOWN | TunedEncoder.CODES_LEFT;

    private final Calibration calibration;
    private final float step;
    private final TunedQuantizer[] quantizers;
    private final KnownToken known;
    private final BitsBackCodes left;
    private final RangeReader coder = new RangeReader();
    private final float[] components;
    private int before;
    private boolean ids;
    private boolean codesLeft;
    private byte[] in;
    private int frame;
    private int flags;
    private int escaped;
    private int escapes;

    public TunedDecoder(LevelId level, TunedStep tuned, Calibration calibration, int width) {
        super(level, width);
        this.calibration = calibration;
        step = tuned.width(calibration.unit());
        quantizers = TunedQuantizer.of(tuned, calibration);
        known = new KnownToken(calibration.vocabulary());
        left = new BitsBackCodes(width);
        components = new float[width];
    }

    @Override
    public void known(int token, int beforeIt) {
        known.next(token, beforeIt);
    }

    @Override
    public void checkFlags(int stated, int tokens) {
        checkMost(stated, MOST_FLAGS);
        flags = stated;
        ids = (stated & TunedEncoder.IDS_KNOWN) != 0;
        codesLeft = (stated & TunedEncoder.CODES_LEFT) != 0;
        known.begin();
        before = (stated & TunedEncoder.BEFORE_KNOWN) != 0 ? known.before() : -1;
        boolean unknown = known.id() < 0 || before < 0 && (stated & TunedEncoder.BEFORE_KNOWN) != 0;
        if (ids && (tokens != 1 || unknown) || !ids && (stated & TunedEncoder.BEFORE_KNOWN) != 0) {
            throw new CodecException(
                    Reason.FIELD,
                    "frame of " + tokens + " tokens that builds on an id which is not known here",
                    Frame.AT_FLAGS);
        }
        boolean escape = (stated & TunedEncoder.ESCAPES) != 0;
        if (codesLeft && (tokens > 1 || escape)) {
            throw new CodecException(
                    Reason.FIELD,
                    "frame of " + tokens + (escape ? " tokens with escapes" : " tokens")
                            + " that leaves codes in the coder's state, as only one token's may be",
                    Frame.AT_FLAGS);
        }
    }

    @Override
    public void checkRowsLength(int tokens, int bytes) {
        // The range coder says only in the end how long it is; no token takes more than its values would.
        long most = TunedEncoder.maxRowsBytes(tokens, width());
        if (bytes > most) {
            throw new CodecException(
                    Reason.LENGTH,
                    "frame whose rows take " + bytes + " bytes where " + tokens + " tokens take at most " + most,
                    Frame.HEADER + most);
        }
    }

    @Override
    public void begin(byte[] bytes, int frameAt, int from, int to, int tokens) {
        in = bytes;
        frame = frameAt;
        escaped = from;
        escapes = 0;
        int coded = from;
        if ((flags & TunedEncoder.ESCAPES) != 0) {
            if (to - from < TunedEncoder.COUNT_BYTES) {
                throw new CodecException(Reason.LENGTH, "frame ends within the number of escapes", to - frame);
            }
            escapes = LittleEndian.getShort(in, from);
            escaped = from + TunedEncoder.COUNT_BYTES;
            long values = (long) escapes * RowFormat.FLOAT32.rowBytes(width());
            if (escapes == 0 || escapes > tokens || values > to - escaped) {
                throw new CodecException(
                        Reason.FIELD,
                        escapes + " of " + tokens + " tokens escape, with " + (to - escaped) + " bytes left",
                        from - frame);
            }
            coded = escaped + (int) values;
        }
        coder.begin(in, coded, to, frame);
    }

    @Override
    public void next(float[] row, int token) {
        int symbol = coder.symbol(TunedQuantizer.SHIFT_SPREAD);
        if (symbol == SpreadTables.OTHER) {
            readEscape(row);
            return;
        }
        int shift = symbol - SpreadTables.REACH;
        if (Math.abs(shift) > TunedQuantizer.REACH) {
            throw new CodecException(
                    Reason.FIELD, "shift of spreads is " + shift + ", at most ±7 is known", coder.position());
        }
        if (ids) {
            calibration.expected(known.id(), before, components);
        } else {
            boolean several = calibration.codewords().rows() > 1;
            calibration.codewords().copy(several ? coder.symbol(calibration.codewordSymbols()) : 0, components);
        }
        Calibration.Kind kind = ids ? Calibration.Kind.IDS : Calibration.Kind.CODEWORDS;
        readCodes(quantizers[kind.ordinal()], shift);
        calibration.transform(kind).inverse(components, row);
    }

    private void readCodes(TunedQuantizer quantizer, int shift) {
        for (int k = codesLeft ? left.of(quantizer, shift) : 0; k < components.length; k++) {
            int symbol = coder.symbol(quantizer.spread(k, shift));
            int code = symbol == SpreadTables.OTHER ? coder.nextShort() : symbol - SpreadTables.REACH;
            if (code != 0) {
                components[k] += TunedQuantizer.value(code, step);
            }
        }
        if (codesLeft) {
            left.add(coder.finish(left.numbers() - 1), step, components);
        }
    }

    private void readEscape(float[] row) {
        if (escapes == 0) {
            throw new CodecException(
                    Reason.FIELD, "more tokens escape than the frame has values for", coder.position());
        }
        escapes--;
        int fault = RowFormat.FLOAT32.read(in, escaped, row);
        if (fault >= 0) {
            throw new CodecException(Reason.FIELD, "a value is not finite", (long) escaped + fault - frame);
        }
        escaped += RowFormat.FLOAT32.rowBytes(width());
    }

    @Override
    public void end() {
        if (escapes > 0) {
            throw new CodecException(Reason.FIELD, escapes + " escapes more than tokens that escape", Frame.HEADER);
        }
        if (!codesLeft) {
            coder.finish(0);
        }
    }
}
