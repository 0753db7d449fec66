package dev.cleave.codec.tabq;

import dev.cleave.codec.frame.FrameEncoder;
import dev.cleave.codec.frame.LevelId;
import dev.cleave.codec.frame.RowFormat;
import dev.cleave.codec.rans.LittleEndian;
import dev.cleave.codec.rans.RangeWriter;
import dev.cleave.codec.rans.RangeWriterPair;
import dev.cleave.codec.rans.SpreadChoice;

/**
 * Writes {@code tabq} frames. The rows:
 *
 * <pre>
 *   count          2, where flag 4 is set: how many tokens have a header in front
 *   headers          of these, or of all where flag 2 is not set, see {@link TabHeader}
 *   plain codes    of the tokens whose codes are not range-coded: b bits each, lowest first, each token on whole bytes; or
 *                  the values of a token that escapes
 *   range coder    to the end: the codes of the other tokens, one stream, see {@link RangeWriter}; absent where there are none
 *                  with flag 1 two streams, see {@link RangeWriterPair}; with flag 2 it begins each token, see {@link CodedHeader}
 * </pre>
 */
public final class TabEncoder extends FrameEncoder {
    /** Flag: there are two range coders. */
    public static final int PAIR = 1;

    /** Flag: headers are coded. */
    public static final int CODED_HEADERS = 2;

    /** Flag, with the one before it: some are not. */
    public static final int SOME_IN_FRONT = 4;

    public static final int COUNT_BYTES = 2;

    private static final int LAST_BYTE_BITS = 8;

    private final boolean entropy;
    private final double squaredDelta;
    private final TabQuantizer quantizer;
    private final SpreadChoice choice = new SpreadChoice();
    private final CodedHeader codedHeader = new CodedHeader();
    private final SpreadChoice codedChoice = new SpreadChoice();
    private final byte[] codes;
    private final TabStream stream;
    private int headerAt;
    private int plainAt;
    private int plainFrom;

    public TabEncoder(LevelId level, TabBounds bounds, int width) {
        super(level, width);
        entropy = bounds.entropy();
        squaredDelta = bounds.delta() * bounds.delta();
        quantizer = new TabQuantizer(bounds, width);
        codes = new byte[Math.min(width, CodedHeader.MOST_CODES)];
        stream = new TabStream(width, bounds.usualSpread());
    }

    @Override
    public long maxRowsBytes(int tokens) {
        return COUNT_BYTES
                + (long) tokens * (TabHeader.maxBytes(width()) + Float.BYTES * width())
                + RangeWriterPair.LENGTH_BYTES
                + 2 * RangeWriter.STATE_BYTES;
    }

    @Override
    public void begin(int tokens) {
        stream.begin(tokens);
        headerAt = COUNT_BYTES;
        // Behind the greatest headers; they move together at the end.
        plainFrom = COUNT_BYTES + tokens * TabHeader.maxBytes(width());
        plainAt = plainFrom;
    }

    @Override
    public double add(float[] row, double squaredNorm, byte[] out, int offset, int token) {
        if (!quantizer.quantize(row, squaredNorm, stream.codes(), stream.at())) {
            stream.skip();
            return escape(row, squaredNorm, out, offset);
        }
        int count = quantizer.count();
        boolean rangeCoded = false;
        if (entropy) {
            double last = stream.isEmpty() ? LAST_BYTE_BITS : 0;
            choice.choose(stream.codes(), stream.at(), count, quantizer.bits());
            double plainBits = 8.0 * (TabHeader.BYTES + TabHeader.packedBytes(count, quantizer.bits()));
            double codedBits = choice.bits() + 8 * (TabHeader.BYTES + TabHeader.CODED_BYTES) + last;
            rangeCoded = codedBits < plainBits;
            int outliers = quantizer.outliers();
            double inFront = Math.min(plainBits, codedBits) + 8 * outlierBytes(outliers);
            if (codedHeaderBits(row, 0) + last < inFront) {
                return addCodedHeader(row.length, 0);
            }
            if (outliers > 0 && codedHeaderBits(row, outliers) + last < inFront) {
                return addCodedHeader(count, outliers);
            }
        }
        writeHeader(rangeCoded, out, offset);
        if (rangeCoded) {
            stream.add(count, choice);
        } else {
            stream.skip();
            plainAt += pack(out, offset + plainAt);
        }
        return quantizer.error();
    }

    /** Quantizes the token once more for a header that is coded, so many outliers apart; returns its bits, infinite where that can't be. */
    private double codedHeaderBits(float[] row, int outliers) {
        int count = row.length - outliers;
        if (count > CodedHeader.MOST_CODES
                || outliers > CodedHeader.MOST_OUTLIERS
                || !quantizer.again(codedHeader, row, outliers > 0, codes)) {
            return Double.POSITIVE_INFINITY;
        }
        codedChoice.choose(codes, 0, count, Byte.SIZE, CodedHeader.CENTRE);
        return codedChoice.bits() + CodedHeader.BITS + 8 * outlierBytes(outliers);
    }

    private double addCodedHeader(int count, int outliers) {
        System.arraycopy(codes, 0, stream.codes(), stream.at(), count);
        for (int i = 0; i < outliers; i++) {
            stream.addOutlier(quantizer.outlierIndex(i), quantizer.outlierHalf(i));
        }
        stream.add(count, codedChoice, codedHeader.exponent());
        return codedHeader.error() + (outliers > 0 ? quantizer.outlierError() : 0);
    }

    private int outlierBytes(int outliers) {
        return outliers == 0
                ? 0
                : TabHeader.countBytes(width()) + outliers * (TabHeader.indexBytes(width()) + TabHeader.HALF);
    }

    private void writeHeader(boolean rangeCoded, byte[] out, int offset) {
        int at = offset + headerAt;
        int outliers = quantizer.outliers();
        out[at++] = (byte) (quantizer.bits() - 1
                | (rangeCoded ? TabHeader.RANGE_CODED : 0)
                | (outliers > 0 ? TabHeader.OUTLIERS : 0));
        at = writeOutliers(out, at);
        at = number(out, at, quantizer.minimumHalf(), TabHeader.HALF);
        at = number(out, at, quantizer.scaleHalf(), TabHeader.HALF);
        if (rangeCoded) {
            out[at++] = (byte) choice.centre();
            out[at++] = (byte) choice.spread();
        }
        headerAt = at - offset;
    }

    private int writeOutliers(byte[] out, int from) {
        int outliers = quantizer.outliers();
        if (outliers == 0) {
            return from;
        }
        int at = number(out, from, outliers - 1, TabHeader.countBytes(width()));
        for (int i = 0; i < outliers; i++) {
            at = number(out, at, quantizer.outlierIndex(i), TabHeader.indexBytes(width()));
            at = number(out, at, quantizer.outlierHalf(i), TabHeader.HALF);
        }
        return at;
    }

    private static int number(byte[] out, int at, int value, int bytes) {
        out[at] = (byte) value;
        if (bytes == 2) {
            out[at + 1] = (byte) (value >>> 8);
        }
        return at + bytes;
    }

    private int pack(byte[] out, int from) {
        int bits = quantizer.bits();
        int length = TabHeader.packedBytes(quantizer.count(), bits);
        int pending = 0;
        int filled = 0;
        int at = from;
        byte[] packed = stream.codes();
        for (int i = stream.at(); i < stream.at() + quantizer.count(); i++) {
            pending |= (packed[i] & 0xFF) << filled;
            filled += bits;
            if (filled >= 8) {
                out[at++] = (byte) pending;
                pending >>>= 8;
                filled -= 8;
            }
        }
        if (filled > 0) {
            out[at] = (byte) pending;
        }
        return length;
    }

    private double escape(float[] row, double squaredNorm, byte[] out, int offset) {
        double error = RowFormat.BFLOAT16.write(row, out, offset + plainAt);
        if (error <= squaredDelta * squaredNorm) {
            out[offset + headerAt++] = TabHeader.AS_BF16;
            plainAt += RowFormat.BFLOAT16.rowBytes(row.length);
            return error;
        }
        out[offset + headerAt++] = TabHeader.AS_FLOAT32;
        error = RowFormat.FLOAT32.write(row, out, offset + plainAt);
        plainAt += RowFormat.FLOAT32.rowBytes(row.length);
        return error;
    }

    @Override
    public int flags() {
        return stream.flags();
    }

    @Override
    public int end(byte[] out, int offset, int tokens) {
        int from = stream.inFront() > 0 ? 0 : COUNT_BYTES;
        if (from == 0) {
            LittleEndian.putShort(out, offset, stream.inFront());
        }
        System.arraycopy(out, offset + from, out, offset, headerAt - from);
        int length = headerAt - from;
        int plain = plainAt - plainFrom;
        System.arraycopy(out, offset + plainFrom, out, offset + length, plain);
        length += plain;
        return length + stream.write(out, offset + length);
    }
}
