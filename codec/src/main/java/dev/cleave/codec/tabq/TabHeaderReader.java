package dev.cleave.codec.tabq;

import dev.cleave.codec.CodecException;
import dev.cleave.codec.CodecException.Reason;
import dev.cleave.codec.frame.Bf16;
import dev.cleave.codec.frame.RowFormat;
import dev.cleave.codec.rans.LittleEndian;
import dev.cleave.codec.rans.SpreadTables;

/** Reads the {@link TabHeader}s in front of a frame's codes, one after another; it holds the one read last. */
final class TabHeaderReader {
    private final int width;
    private final Outliers outliers;
    private byte[] in;
    private int frame;
    private int end;
    private int at;
    private int kind;
    private float minimum;
    private float scale;
    private int centre;
    private int spread;

    /** @param outliers takes those of the header read last */
    TabHeaderReader(int width, Outliers outliers) {
        this.width = width;
        this.outliers = outliers;
    }

    /**
     * Begins.
     *
     * @param frameAt of the frame's first byte, from which errors count
     * @param from of the first header
     * @param to behind the last byte that may be read
     */
    void begin(byte[] bytes, int frameAt, int from, int to) {
        in = bytes;
        frame = frameAt;
        at = from;
        end = to;
    }

    /** Returns where the next header begins. */
    int at() {
        return at;
    }

    /** Goes back to a header that begins there. */
    void backTo(int header) {
        at = header;
    }

    /** Reads how many tokens of a frame have a header here where others have coded ones. */
    int count(int tokens) {
        int count = number(TabEncoder.COUNT_BYTES);
        if (count == 0 || count >= tokens) {
            throw field(
                    count + " of " + tokens + " headers are in front where some are and some are not",
                    TabEncoder.COUNT_BYTES);
        }
        return count;
    }

    /** Reads the next header. */
    void next() {
        kind = number(1);
        outliers.clear();
        if (escape() != null) {
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
        if (rangeCoded()) {
            centre = number(1);
            spread = number(1);
            if (spread >= SpreadTables.SPREADS) {
                throw field("spread is " + spread + ", at most " + (SpreadTables.SPREADS - 1) + " is known", 1);
            }
        }
    }

    private void readOutliers() {
        int bytes = TabHeader.countBytes(width);
        int count = number(bytes) + 1;
        if (count > outliers.most()) {
            throw field(count + " outliers, at most " + outliers.most() + " may be", bytes);
        }
        for (int i = 0; i < count; i++) {
            int index = number(TabHeader.indexBytes(width));
            String fault = outliers.fault(index);
            if (fault != null) {
                throw field(fault, TabHeader.indexBytes(width));
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
        if (bytes > end - at) {
            throw new CodecException(Reason.LENGTH, "frame ends within the header of a token", end - frame);
        }
        int value = bytes == 1 ? in[at] & 0xFF : LittleEndian.getShort(in, at);
        at += bytes;
        return value;
    }

    private CodecException field(String message, int back) {
        return new CodecException(Reason.FIELD, message, at - back - frame);
    }

    /** Returns the format of the token's values where it escapes, else null. */
    RowFormat escape() {
        switch (kind) {
            case TabHeader.AS_BF16:
                return RowFormat.BFLOAT16;
            case TabHeader.AS_FLOAT32:
                return RowFormat.FLOAT32;
            default:
                return null;
        }
    }

    boolean rangeCoded() {
        return (kind & TabHeader.RANGE_CODED) != 0;
    }

    /** Returns b. */
    int bits() {
        return (kind & TabHeader.BITS) + 1;
    }

    /** Returns bytes of the token's plain codes or values, 0 where its codes are range-coded. */
    int plainBytes() {
        RowFormat escape = escape();
        if (escape != null) {
            return escape.rowBytes(width);
        }
        return rangeCoded() ? 0 : TabHeader.packedBytes(width - outliers.count(), bits());
    }

    float minimum() {
        return minimum;
    }

    float scale() {
        return scale;
    }

    int centre() {
        return centre;
    }

    int spread() {
        return spread;
    }
}
