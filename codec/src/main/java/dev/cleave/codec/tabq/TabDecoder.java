package dev.cleave.codec.tabq;

import dev.cleave.codec.CodecException;
import dev.cleave.codec.CodecException.Reason;
import dev.cleave.codec.frame.Bf16;
import dev.cleave.codec.frame.Frame;
import dev.cleave.codec.frame.FrameDecoder;
import dev.cleave.codec.frame.LevelId;
import dev.cleave.codec.frame.RowFormat;
import dev.cleave.codec.frame.UniformCode;
import dev.cleave.codec.rans.CodeReader;
import dev.cleave.codec.rans.LittleEndian;
import dev.cleave.codec.rans.RangeReader;
import dev.cleave.codec.rans.RangeReaderPair;
import dev.cleave.codec.rans.SpreadTables;

/** Reads {@code tabq} frames: headers, plain codes and range coder each by a cursor of its own. */
public final class TabDecoder extends FrameDecoder {
    private final RangeReader single = new RangeReader();
    private final RangeReaderPair pair = new RangeReaderPair();
    private final float[] levels = new float[1 << 8];
    private byte[] in;
    private int frame;
    private int header;
    private int plain;
    private int plainEnd;
    private int end;
    private boolean coded;
    private CodeReader coder;

    // Of frames with coded headers.
    private final CodedHeaderReader codedHeaders;
    private int flags;
    private int inFront;

    // The header read last.
    private int kind;
    private final Outliers outliers;
    private float minimum;
    private float scale;
    private boolean rangeCoded;
    private int centre;
    private int spread;

    public TabDecoder(LevelId level, TabBounds bounds, int width) {
        super(level, width);
        outliers = new Outliers(width);
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
        end = to;
        header = from;
        int firstHeader = from;
        coded = has(TabEncoder.CODED_HEADERS);
        inFront = tokens;
        if (coded) {
            inFront = has(TabEncoder.SOME_IN_FRONT) ? readInFront(tokens) : 0;
            firstHeader = header;
            codedHeaders.begin(tokens);
        }
        long plainBytes = 0;
        for (int token = 0; token < inFront; token++) {
            readHeader();
            coded |= rangeCoded;
            plainBytes += plainBytes();
        }
        int headers = header;
        if (plainBytes > to - headers) {
            throw new CodecException(
                    Reason.LENGTH,
                    "the codes take " + plainBytes + " bytes where " + (to - headers) + " are left",
                    headers - frame);
        }
        plain = headers;
        plainEnd = headers + (int) plainBytes;
        if (coded) {
            if (plainEnd == to) {
                throw new CodecException(Reason.LENGTH, "no byte is left for codes that are range-coded", to - frame);
            }
            coder.begin(in, plainEnd, to, frame);
        } else if (has(TabEncoder.PAIR)) {
            throw new CodecException(Reason.FIELD, "two range coders where no codes are range-coded", Frame.AT_FLAGS);
        } else if (plainEnd != to) {
            throw new CodecException(Reason.LENGTH, (to - plainEnd) + " bytes too many", plainEnd - frame);
        }
        header = firstHeader;
    }

    private int readInFront(int tokens) {
        int stated = number(TabEncoder.COUNT_BYTES);
        if (stated == 0 || stated >= tokens) {
            throw field(
                    stated + " of " + tokens + " headers are in front where some are and some are not",
                    TabEncoder.COUNT_BYTES);
        }
        return stated;
    }

    private long plainBytes() {
        if (rangeCoded) {
            return 0;
        }
        switch (kind) {
            case TabHeader.AS_BF16:
                return RowFormat.BFLOAT16.rowBytes(width());
            case TabHeader.AS_FLOAT32:
                return RowFormat.FLOAT32.rowBytes(width());
            default:
                return TabHeader.packedBytes(width() - outliers.count(), bits());
        }
    }

    private int bits() {
        return (kind & TabHeader.BITS) + 1;
    }

    private void readHeader() {
        kind = number(1);
        outliers.clear();
        rangeCoded = false;
        if (kind == TabHeader.AS_BF16 || kind == TabHeader.AS_FLOAT32) {
            return;
        }
        if ((kind & ~(TabHeader.BITS | TabHeader.RANGE_CODED | TabHeader.OUTLIERS)) != 0) {
            throw field("kind of a token is " + kind + ", which no encoder writes", 1);
        }
        if ((kind & TabHeader.OUTLIERS) != 0) {
            readOutliers();
        }
        minimum = half("minimum");
        scale = half("scale");
        if (scale < 0) {
            throw field("scale is " + scale + ", which is negative", TabHeader.HALF);
        }
        rangeCoded = (kind & TabHeader.RANGE_CODED) != 0;
        if (rangeCoded) {
            centre = number(1);
            spread = number(1);
            if (spread >= SpreadTables.SPREADS) {
                throw field("spread is " + spread + ", at most " + (SpreadTables.SPREADS - 1) + " is known", 1);
            }
        }
    }

    private void readOutliers() {
        int bytes = TabHeader.countBytes(width());
        int count = number(bytes) + 1;
        if (count > outliers.most()) {
            throw field(count + " outliers, at most " + outliers.most() + " may be", bytes);
        }
        for (int i = 0; i < count; i++) {
            int index = number(TabHeader.indexBytes(width()));
            String fault = outliers.fault(index);
            if (fault != null) {
                throw field(fault, TabHeader.indexBytes(width()));
            }
            outliers.add(index, half("outlier"));
        }
    }

    private float half(String what) {
        int half = number(TabHeader.HALF);
        if (!Bf16.finite(half)) {
            throw field(what + " is not finite", TabHeader.HALF);
        }
        return Bf16.widen(half);
    }

    private int number(int bytes) {
        if (bytes > end - header) {
            throw new CodecException(Reason.LENGTH, "frame ends within the header of a token", end - frame);
        }
        int value = bytes == 1 ? in[header] & 0xFF : LittleEndian.getShort(in, header);
        header += bytes;
        return value;
    }

    private CodecException field(String message, int back) {
        return new CodecException(Reason.FIELD, message, header - back - frame);
    }

    @Override
    public void next(float[] row, int token) {
        if (has(TabEncoder.CODED_HEADERS)) {
            RangeReader headers = coder.first();
            int symbol = headers.symbol(CodedHeader.SPREAD_TABLE);
            if (symbol != SpreadTables.OTHER) {
                coded = !codedHeaders.read(coder, symbol, outliers, row);
                return;
            }
            if (--inFront < 0) {
                throw new CodecException(
                        Reason.FIELD, "more tokens have a header in front than there are", headers.position());
            }
        }
        readHeader();
        switch (kind) {
            case TabHeader.AS_BF16:
                readValues(RowFormat.BFLOAT16, row);
                break;
            case TabHeader.AS_FLOAT32:
                readValues(RowFormat.FLOAT32, row);
                break;
            default:
                if (rangeCoded) {
                    readCoded(row);
                } else {
                    readPlain(row);
                }
                outliers.merge(row);
        }
    }

    private void readValues(RowFormat format, float[] row) {
        int fault = format.read(in, plain, row);
        if (fault >= 0) {
            throw new CodecException(Reason.FIELD, "a value is not finite", (long) plain + fault - frame);
        }
        plain += format.rowBytes(width());
    }

    private void readCoded(float[] row) {
        int most = (1 << bits()) - 1;
        // There are fewer codes than values, mostly by far.
        UniformCode.fill(levels, minimum, scale, most);
        coder.read(centre, spread, levels, most, row, outliers.count());
    }

    private void readPlain(float[] row) {
        int bits = bits();
        int mask = (1 << bits) - 1;
        UniformCode.fill(levels, minimum, scale, mask);
        int pending = 0;
        int filled = 0;
        int at = plain;
        for (int i = outliers.count(); i < row.length; i++) {
            if (filled < bits) {
                pending |= (in[at++] & 0xFF) << filled;
                filled += 8;
            }
            row[i] = levels[pending & mask];
            pending >>>= bits;
            filled -= bits;
        }
        if (pending != 0) {
            throw new CodecException(Reason.FIELD, "bits are set behind the last code", at - 1L - frame);
        }
        plain += TabHeader.packedBytes(width() - outliers.count(), bits);
    }

    @Override
    public void end() {
        if (has(TabEncoder.CODED_HEADERS) && inFront > 0) {
            throw new CodecException(
                    Reason.FIELD, inFront + " headers in front more than tokens that have one", Frame.HEADER);
        }
        if (coded) {
            coder.finish(0);
        }
    }
}
