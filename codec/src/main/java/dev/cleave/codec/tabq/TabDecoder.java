package dev.cleave.codec.tabq;

import dev.cleave.codec.CodecException;
import dev.cleave.codec.CodecException.Reason;
import dev.cleave.codec.frame.Frame;
import dev.cleave.codec.frame.FrameDecoder;
import dev.cleave.codec.frame.LevelId;
import dev.cleave.codec.frame.RowFormat;
import dev.cleave.codec.frame.UniformCode;
import dev.cleave.codec.rans.CodeReader;
import dev.cleave.codec.rans.RangeReader;
import dev.cleave.codec.rans.RangeReaderPair;
import dev.cleave.codec.rans.SpreadTables;

/** Reads {@code tabq} frames: headers, plain codes and range coder each by a cursor of its own. */
public final class TabDecoder extends FrameDecoder {
    private final RangeReader single = new RangeReader();
    private final RangeReaderPair pair = new RangeReaderPair();
    private final float[] levels = new float[1 << 8];
    private final Outliers outliers;
    private final TabHeaderReader front;
    private final CodedHeaderReader codedHeaders;
    private int flags;
    private byte[] in;
    private int frame;
    private CodeReader coder;

    /** Of the plain codes that come next. */
    private int plain;

    /** Whether the range coder is there, and has not ended. */
    private boolean coding;

    /** Tokens with a header in front that did not come yet. */
    private int inFront;

    public TabDecoder(LevelId level, TabBounds bounds, int width) {
        super(level, width);
        outliers = new Outliers(width);
        front = new TabHeaderReader(width, outliers);
        codedHeaders = new CodedHeaderReader(width, bounds.usualSpread());
    }

    @Override
    public void checkFlags(int stated, int tokens) {
        checkMost(stated, TabEncoder.PAIR | TabEncoder.CODED_HEADERS | TabEncoder.SOME_IN_FRONT);
        flags = stated;
        coder = has(TabEncoder.PAIR) ? pair : single;
        if (has(TabEncoder.SOME_IN_FRONT) && !has(TabEncoder.CODED_HEADERS)) {
            throw new CodecException(
                    Reason.FIELD,
                    "flags are " + stated + ", which says that no header is coded and some are",
                    Frame.AT_FLAGS);
        }
    }

    private boolean has(int flag) {
        return (flags & flag) != 0;
    }

    @Override
    public void checkRowsLength(int tokens, int bytes) {
        if (bytes < (has(TabEncoder.CODED_HEADERS) ? 1 : tokens)) {
            throw new CodecException(
                    Reason.LENGTH,
                    "frame whose rows take " + bytes + " bytes and whose header states " + tokens + " tokens",
                    (long) Frame.HEADER + bytes);
        }
    }

    @Override
    public void begin(byte[] bytes, int frameAt, int from, int to, int tokens) {
        in = bytes;
        frame = frameAt;
        front.begin(bytes, frameAt, from, to);
        coding = has(TabEncoder.CODED_HEADERS);
        inFront = tokens;
        if (coding) {
            inFront = has(TabEncoder.SOME_IN_FRONT) ? front.count(tokens) : 0;
            codedHeaders.begin(tokens);
        }
        int firstHeader = front.at();
        long plainBytes = 0;
        for (int token = 0; token < inFront; token++) {
            front.next();
            coding |= front.rangeCoded();
            plainBytes += front.plainBytes();
        }
        plain = front.at();
        front.backTo(firstHeader);
        if (plainBytes > to - plain) {
            throw new CodecException(
                    Reason.LENGTH,
                    "the codes take " + plainBytes + " bytes where " + (to - plain) + " are left",
                    plain - frame);
        }
        beginCoder(plain + (int) plainBytes, to);
    }

    private void beginCoder(int from, int to) {
        if (coding) {
            if (from == to) {
                throw new CodecException(Reason.LENGTH, "no byte is left for codes that are range-coded", to - frame);
            }
            coder.begin(in, from, to, frame);
        } else if (has(TabEncoder.PAIR)) {
            throw new CodecException(Reason.FIELD, "two range coders where no codes are range-coded", Frame.AT_FLAGS);
        } else if (from != to) {
            throw new CodecException(Reason.LENGTH, (to - from) + " bytes too many", from - frame);
        }
    }

    @Override
    public void next(float[] row, int token) {
        if (has(TabEncoder.CODED_HEADERS)) {
            RangeReader headers = coder.first();
            int symbol = headers.symbol(CodedHeader.SPREAD_TABLE);
            if (symbol != SpreadTables.OTHER) {
                coding = !codedHeaders.read(coder, symbol, outliers, row);
                return;
            }
            if (--inFront < 0) {
                throw new CodecException(
                        Reason.FIELD, "more tokens have a header in front than there are", headers.position());
            }
        }
        front.next();
        RowFormat escape = front.escape();
        if (escape != null) {
            readValues(escape, row);
            return;
        }
        int most = (1 << front.bits()) - 1;
        // There are fewer codes than values, mostly by far.
        UniformCode.fill(levels, front.minimum(), front.scale(), most);
        if (front.rangeCoded()) {
            coder.read(front.centre(), front.spread(), levels, most, row, outliers.count());
        } else {
            readPlain(row, front.bits());
        }
        outliers.merge(row);
    }

    private void readValues(RowFormat format, float[] row) {
        int fault = format.read(in, plain, row);
        if (fault >= 0) {
            throw new CodecException(Reason.FIELD, "a value is not finite", (long) plain + fault - frame);
        }
        plain += format.rowBytes(width());
    }

    private void readPlain(float[] row, int bits) {
        int mask = (1 << bits) - 1;
        int pending = 0;
        int filled = 0;
        for (int i = outliers.count(); i < row.length; i++) {
            if (filled < bits) {
                pending |= (in[plain++] & 0xFF) << filled;
                filled += 8;
            }
            row[i] = levels[pending & mask];
            pending >>>= bits;
            filled -= bits;
        }
        if (pending != 0) {
            throw new CodecException(Reason.FIELD, "bits are set behind the last code", plain - 1L - frame);
        }
    }

    @Override
    public void end() {
        if (has(TabEncoder.CODED_HEADERS) && inFront > 0) {
            throw new CodecException(
                    Reason.FIELD, inFront + " headers in front more than tokens that have one", Frame.HEADER);
        }
        if (coding) {
            coder.finish(0);
        }
    }
}
