package dev.cleave.codec.tabq;

import dev.cleave.codec.rans.CodeWriter;
import dev.cleave.codec.rans.RangeWriter;
import dev.cleave.codec.rans.RangeWriterPair;
import dev.cleave.codec.rans.SpreadChoice;
import dev.cleave.codec.rans.SpreadTables;

/** Gathers the range-coded part of a {@code tabq} frame: codes of its tokens, and the {@link CodedHeader} of those that have one. */
public final class TabStream {
    /** From so many codes on, two coders save more time than the second's length and state cost bytes: 5 of about 1000. */
    private static final int PAIR_FROM = 4096;

    private static final int IN_FRONT = -1;
    private static final int COUNT_SHIFT = 13;
    private static final int SPREAD_SHIFT = 8;

    private final int width;
    private final int usualSpread;
    private final RangeWriter single = new RangeWriter();
    private final RangeWriterPair pair = new RangeWriterPair();
    private byte[] codes = new byte[0];

    /** Of each token: how many codes, their spread, their centre; 0 where it has none here. */
    private int[] coded = new int[0];

    /** Of each token: the scale of its coded header, or {@link #IN_FRONT}. */
    private int[] scales = new int[0];

    /** Outliers of the tokens with a coded header: index, then bfloat16 in the lower 16 bits. */
    private int[] outliers = new int[0];

    /** Where those of each token end. */
    private int[] outliersEnd = new int[0];

    private int tokens;
    private int codedHeaders;
    private int outliersAt;
    private int at;

    public TabStream(int width, int usualSpread) {
        this.width = width;
        this.usualSpread = usualSpread;
    }

    public void begin(int most) {
        if (coded.length < most) {
            coded = new int[most];
            scales = new int[most];
            outliersEnd = new int[most];
            codes = new byte[most * width];
            int few = width <= CodedHeader.MOST_CODES + CodedHeader.MOST_OUTLIERS
                    ? Math.min(TabHeader.maxOutliers(width), CodedHeader.MOST_OUTLIERS)
                    : 0;
            outliers = new int[most * few];
            // Counted in codes: a header takes at most as much as four of them, an outlier as two.
            int headers = most * (4 + 2 * few);
            single.reserve(Math.min(most * width, PAIR_FROM) + headers);
            if (most * width >= PAIR_FROM) {
                pair.reserve(most * ((width + 1) / 2) + headers);
            }
        }
        tokens = 0;
        codedHeaders = 0;
        outliersAt = 0;
        at = 0;
    }

    /** Returns where the next token's codes go, from {@link #at()} on. */
    public byte[] codes() {
        return codes;
    }

    public int at() {
        return at;
    }

    public boolean isEmpty() {
        return at == 0;
    }

    /** Takes a token that has no codes here. */
    public void skip() {
        add(0, IN_FRONT);
    }

    /** Takes the codes of a token whose header is in front. */
    public void add(int count, SpreadChoice choice) {
        add(packed(count, choice), IN_FRONT);
        at += count;
    }

    /** Takes an outlier of the token whose codes and header come next. */
    public void addOutlier(int index, int half) {
        outliers[outliersAt++] = index << Short.SIZE | half;
    }

    /** Takes the codes of a token, and its header. */
    public void add(int count, SpreadChoice choice, int scale) {
        add(packed(count, choice), scale);
        codedHeaders++;
        at += count;
    }

    private void add(int token, int scale) {
        coded[tokens] = token;
        outliersEnd[tokens] = outliersAt;
        scales[tokens++] = scale;
    }

    private static int packed(int count, SpreadChoice choice) {
        return count << COUNT_SHIFT | choice.spread() << SPREAD_SHIFT | choice.centre();
    }

    private static int spread(int token) {
        return token >> SPREAD_SHIFT & SpreadTables.SPREADS - 1;
    }

    public int flags() {
        return (at >= PAIR_FROM ? TabEncoder.PAIR : 0)
                | (codedHeaders > 0 ? TabEncoder.CODED_HEADERS : 0)
                | (inFront() > 0 ? TabEncoder.SOME_IN_FRONT : 0);
    }

    /** Returns how many tokens have a header in front where others have coded ones, else 0. */
    public int inFront() {
        return codedHeaders == 0 ? 0 : tokens - codedHeaders;
    }

    /** Writes the frame's range-coded part; returns its bytes. */
    public int write(byte[] out, int offset) {
        if (isEmpty()) {
            return 0;
        }
        CodeWriter coder = at >= PAIR_FROM ? pair : single;
        coder.begin(tokens == 1 && codedHeaders == 1 ? scales[0] : 0);
        int end = at;
        for (int token = tokens - 1; token >= 0; token--) {
            int count = coded[token] >>> COUNT_SHIFT;
            coder.put(codes, end - count, end, coded[token] & 0xFF, spread(coded[token]));
            end -= count;
            if (scales[token] != IN_FRONT) {
                putHeader(coder.first(), token);
            } else if (codedHeaders > 0) {
                coder.first().putSymbol(SpreadTables.OTHER, CodedHeader.SPREAD_TABLE);
            }
        }
        return coder.end(out, offset);
    }

    /** Last to first, as a range coder wants it. */
    private void putHeader(RangeWriter coder, int token) {
        int before = token - 1;
        while (before >= 0 && scales[before] == IN_FRONT) {
            before--;
        }
        if (tokens > 1) {
            int symbol = before < 0 ? SpreadTables.OTHER : RangeWriter.symbol(scales[token] - scales[before]);
            if (symbol == SpreadTables.OTHER) {
                coder.putShort(scales[token]);
            }
            if (before >= 0) {
                coder.putSymbol(symbol, CodedHeader.SCALE_TABLE);
            }
        }
        int from = token == 0 ? 0 : outliersEnd[token - 1];
        for (int i = outliersEnd[token] - 1; i >= from; i--) {
            coder.putShort(outliers[i]);
            int index = outliers[i] >>> Short.SIZE;
            if (TabHeader.indexBytes(width) == 1) {
                coder.putByte(index);
            } else {
                coder.putShort(index);
            }
        }
        coder.putSymbol(RangeWriter.symbol(outliersEnd[token] - from), CodedHeader.OUTLIERS_TABLE);
        int spread = spread(coded[token]) - (before < 0 ? usualSpread : spread(coded[before]));
        coder.putSymbol(RangeWriter.symbol(spread), CodedHeader.SPREAD_TABLE);
    }
}
