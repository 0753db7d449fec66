package dev.cleave.codec;

/**
 * Writes {@link TabQuality} frames. The rows:
 *
 * <pre>
 *   heads          of all tokens, see {@link TabHead}
 *   plain codes    of the tokens whose codes are not range-coded: b bits each, lowest first, each token on whole bytes; or
 *                  the values of a token that escapes
 *   range coder    to the end: the codes of the other tokens, one stream, see {@link RangeWriter}; absent where there are none
 * </pre>
 */
final class TabEncoder extends FrameEncoder {
    private static final int SIDE_BITS = 16;
    private static final int LAST_BYTE_BITS = 8;

    private final boolean entropy;
    private final double squaredDelta;
    private final TabQuantizer quantizer;
    private final SpreadChoice choice = new SpreadChoice();
    private final RangeWriter coder = new RangeWriter();
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
    }

    @Override
    long maxRowsBytes(int tokens) {
        return (long) tokens * (TabHead.maxBytes(width()) + Float.BYTES * width()) + RangeWriter.STATE_BYTES;
    }

    @Override
    void begin(int tokens) {
        if (coded.length < tokens) {
            coded = new int[tokens];
            codes = new byte[tokens * width()];
            coder.reserve(tokens * width());
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
        boolean rangeCoded = entropy && smallerCoded();
        writeHead(rangeCoded, out, offset);
        if (rangeCoded) {
            coded[codedTokens++] = quantizer.count() << 13 | choice.spread() << 8 | choice.centre();
            codesAt += quantizer.count();
        } else {
            plainAt += pack(out, offset + plainAt);
        }
        return quantizer.error();
    }

    private boolean smallerCoded() {
        choice.choose(codes, codesAt, quantizer.count(), quantizer.bits());
        double bits = choice.bits() + SIDE_BITS + (codedTokens == 0 ? LAST_BYTE_BITS : 0);
        return bits < 8.0 * TabHead.packedBytes(quantizer.count(), quantizer.bits());
    }

    private void writeHead(boolean rangeCoded, byte[] out, int offset) {
        int at = offset + headAt;
        int outliers = quantizer.outliers();
        out[at++] = (byte)
                (quantizer.bits() - 1 | (rangeCoded ? TabHead.RANGE_CODED : 0) | (outliers > 0 ? TabHead.OUTLIERS : 0));
        if (outliers > 0) {
            at = number(out, at, outliers - 1, TabHead.countBytes(width()));
            for (int i = 0; i < outliers; i++) {
                at = number(out, at, quantizer.outlierIndex(i), TabHead.indexBytes(width()));
                at = number(out, at, quantizer.outlierHalf(i), TabHead.HALF);
            }
        }
        at = number(out, at, quantizer.minimumHalf(), TabHead.HALF);
        at = number(out, at, quantizer.scaleHalf(), TabHead.HALF);
        if (rangeCoded) {
            out[at++] = (byte) choice.centre();
            out[at++] = (byte) choice.spread();
        }
        headAt = at - offset;
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
    int end(byte[] out, int offset, int tokens) {
        int plain = plainAt - plainFrom;
        System.arraycopy(out, offset + plainFrom, out, offset + headAt, plain);
        int length = headAt + plain;
        if (codedTokens > 0) {
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
