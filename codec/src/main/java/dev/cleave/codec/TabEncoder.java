package dev.cleave.codec;

/**
 * Writes {@link TabQuality} frames. The rows:
 *
 * <pre>
 *   heads          of all tokens, see {@link TabHead} and {@link ShortHead}
 *   plain codes    of the tokens whose codes are not range-coded: b bits each, lowest first, each token on whole bytes; or
 *                  the values of a token that escapes
 *   range coder    to the end: the codes of the other tokens, one stream, see {@link RangeWriter}; absent where there are none
 *                  with flag 1 two streams, see {@link RangeWriterPair}
 * </pre>
 */
final class TabEncoder extends FrameEncoder {
    /** Flag: there are two range coders. */
    static final int PAIR = 1;

    /** From so many codes on, two coders save more time than the second's length and state cost bytes: 5 of about 1000. */
    private static final int PAIR_FROM = 4096;

    private static final int LAST_BYTE_BITS = 8;

    private final boolean entropy;
    private final double squaredDelta;
    private final TabQuantizer quantizer;
    private final SpreadChoice choice = new SpreadChoice();
    private final ShortHead shortHead = new ShortHead();
    private final SpreadChoice shortChoice = new SpreadChoice();
    private final byte[] shortCodes;
    private final RangeWriter single = new RangeWriter();
    private final RangeWriterPair pair = new RangeWriterPair();
    private byte[] codes = new byte[0];
    private int[] coded = new int[0];
    private int codedTokens;
    private int codesAt;
    private int headAt;
    private int plainAt;
    private int plainFrom;

    TabEncoder(TabQuality quality, int width) {
        super(quality, width);
        entropy = quality.entropy();
        squaredDelta = quality.delta() * quality.delta();
        quantizer = new TabQuantizer(quality, width);
        shortCodes = new byte[Math.min(width, ShortHead.MOST_CODES)];
    }

    @Override
    long maxRowsBytes(int tokens) {
        return (long) tokens * (TabHead.maxBytes(width()) + Float.BYTES * width())
                + RangeWriterPair.LENGTH_BYTES
                + 2 * RangeWriter.STATE_BYTES;
    }

    @Override
    void begin(int tokens) {
        if (coded.length < tokens) {
            coded = new int[tokens];
            codes = new byte[tokens * width()];
            if (tokens * width() < PAIR_FROM) {
                single.reserve(tokens * width());
            } else {
                single.reserve(PAIR_FROM);
                pair.reserve(tokens * ((width() + 1) / 2));
            }
        }
        codedTokens = 0;
        codesAt = 0;
        headAt = 0;
        // Behind the greatest heads; they move together at the end.
        plainFrom = tokens * TabHead.maxBytes(width());
        plainAt = plainFrom;
    }

    @Override
    double add(float[] row, double squaredNorm, byte[] out, int offset, int token) {
        if (!quantizer.quantize(row, squaredNorm, codes, codesAt)) {
            return escape(row, squaredNorm, out, offset);
        }
        int count = quantizer.count();
        boolean rangeCoded = false;
        if (entropy) {
            double last = codedTokens == 0 ? LAST_BYTE_BITS : 0;
            choice.choose(codes, codesAt, count, quantizer.bits());
            double plainBits = 8.0 * (TabHead.BYTES + TabHead.packedBytes(count, quantizer.bits()));
            double codedBits = choice.bits() + 8 * (TabHead.BYTES + TabHead.CODED_BYTES) + last;
            rangeCoded = codedBits < plainBits;
            if (count <= ShortHead.MOST_CODES && quantizer.shorten(shortHead, shortCodes)) {
                shortChoice.choose(shortCodes, 0, count, Byte.SIZE, ShortHead.CENTRE);
                if (shortChoice.bits() + 8 * ShortHead.BYTES + last < Math.min(plainBits, codedBits)) {
                    return addShort(out, offset);
                }
            }
        }
        writeHead(rangeCoded, out, offset);
        if (rangeCoded) {
            addCoded(choice);
        } else {
            plainAt += pack(out, offset + plainAt);
        }
        return quantizer.error();
    }

    private void addCoded(SpreadChoice with) {
        coded[codedTokens++] = quantizer.count() << 13 | with.spread() << 8 | with.centre();
        codesAt += quantizer.count();
    }

    private double addShort(byte[] out, int offset) {
        System.arraycopy(shortCodes, 0, codes, codesAt, quantizer.count());
        int at = offset + headAt;
        int outliers = quantizer.outliers();
        out[at++] = (byte) (ShortHead.KIND | (outliers > 0 ? ShortHead.OUTLIERS : 0) | shortChoice.spread());
        at = writeOutliers(out, at);
        out[at++] = (byte) shortHead.exponent();
        out[at++] = (byte) shortHead.offset();
        headAt = at - offset;
        addCoded(shortChoice);
        return quantizer.outlierError() + shortHead.error();
    }

    private void writeHead(boolean rangeCoded, byte[] out, int offset) {
        int at = offset + headAt;
        int outliers = quantizer.outliers();
        out[at++] = (byte)
                (quantizer.bits() - 1 | (rangeCoded ? TabHead.RANGE_CODED : 0) | (outliers > 0 ? TabHead.OUTLIERS : 0));
        at = writeOutliers(out, at);
        at = number(out, at, quantizer.minimumHalf(), TabHead.HALF);
        at = number(out, at, quantizer.scaleHalf(), TabHead.HALF);
        if (rangeCoded) {
            out[at++] = (byte) choice.centre();
            out[at++] = (byte) choice.spread();
        }
        headAt = at - offset;
    }

    private int writeOutliers(byte[] out, int from) {
        int outliers = quantizer.outliers();
        if (outliers == 0) {
            return from;
        }
        int at = number(out, from, outliers - 1, TabHead.countBytes(width()));
        for (int i = 0; i < outliers; i++) {
            at = number(out, at, quantizer.outlierIndex(i), TabHead.indexBytes(width()));
            at = number(out, at, quantizer.outlierHalf(i), TabHead.HALF);
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
        int length = TabHead.packedBytes(quantizer.count(), bits);
        int pending = 0;
        int filled = 0;
        int at = from;
        for (int i = codesAt; i < codesAt + quantizer.count(); i++) {
            pending |= (codes[i] & 0xFF) << filled;
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
        double error = FixedQuality.BF16.format().write(row, out, offset + plainAt);
        if (error <= squaredDelta * squaredNorm) {
            out[offset + headAt++] = TabHead.AS_BF16;
            plainAt += FixedQuality.BF16.format().rowBytes(row.length);
            return error;
        }
        out[offset + headAt++] = TabHead.AS_FLOAT32;
        error = FixedQuality.LOSSLESS.format().write(row, out, offset + plainAt);
        plainAt += FixedQuality.LOSSLESS.format().rowBytes(row.length);
        return error;
    }

    @Override
    int flags() {
        return codesAt >= PAIR_FROM ? PAIR : 0;
    }

    @Override
    int end(byte[] out, int offset, int tokens) {
        int plain = plainAt - plainFrom;
        System.arraycopy(out, offset + plainFrom, out, offset + headAt, plain);
        int length = headAt + plain;
        if (codedTokens > 0) {
            CodeWriter coder = flags() == PAIR ? pair : single;
            coder.begin();
            int at = codesAt;
            for (int token = codedTokens - 1; token >= 0; token--) {
                int count = coded[token] >>> 13;
                int spread = coded[token] >>> 8 & SpreadTables.SPREADS - 1;
                int centre = coded[token] & 0xFF;
                coder.put(codes, at - count, at, centre, spread);
                at -= count;
            }
            length += coder.end(out, offset + length);
        }
        return length;
    }
}
