package dev.cleave.codec.tabq;

import dev.cleave.codec.CodecException;
import dev.cleave.codec.CodecException.Reason;
import dev.cleave.codec.frame.Bf16;
import dev.cleave.codec.rans.CodeReader;
import dev.cleave.codec.rans.RangeReader;
import dev.cleave.codec.rans.SpreadTables;

/** Reads the {@link CodedHeader}s of a frame. */
public final class CodedHeaderReader {
    private final int width;
    private final int usualSpread;
    private final float[] levels = new float[CodedHeader.CODES];
    private int spread;
    private int scale;
    private boolean first;
    private boolean alone;

    public CodedHeaderReader(int width, int usualSpread) {
        this.width = width;
        this.usualSpread = usualSpread;
    }

    public void begin(int tokens) {
        spread = usualSpread;
        first = true;
        alone = tokens == 1;
    }

    /**
     * Reads the rest of a token: its header behind the first symbol, and its codes.
     *
     * @param symbol the first, not <em>other</em>
     * @return whether the coder has ended with it
     */
    public boolean read(CodeReader coder, int symbol, Outliers outliers, float[] row) {
        RangeReader headers = coder.first();
        spread = within(headers, "spread", spread + symbol - SpreadTables.REACH, SpreadTables.SPREADS - 1);
        readOutliers(headers, outliers);
        if (!alone) {
            readScale(headers);
        }
        CodedHeader.fill(levels, alone ? 1 : CodedHeader.scale(scale));
        coder.read(CodedHeader.CENTRE, spread, levels, CodedHeader.CODES - 1, row, outliers.count());
        if (alone) {
            // It tells its scale behind its codes.
            double found = CodedHeader.scale(coder.finish(CodedHeader.SCALES - 1));
            for (int i = outliers.count(); i < row.length; i++) {
                row[i] = (float) (row[i] * found);
            }
        }
        outliers.merge(row);
        return alone;
    }

    private void readScale(RangeReader headers) {
        int symbol = first ? SpreadTables.OTHER : headers.symbol(CodedHeader.SCALE_TABLE);
        int stated = symbol == SpreadTables.OTHER ? headers.nextShort() : scale + symbol - SpreadTables.REACH;
        scale = within(headers, "scale", stated, CodedHeader.SCALES - 1);
        first = false;
    }

    private void readOutliers(RangeReader headers, Outliers outliers) {
        outliers.clear();
        int stated = headers.symbol(CodedHeader.OUTLIERS_TABLE) - SpreadTables.REACH;
        int count = within(headers, "number of outliers", stated, Math.min(CodedHeader.MOST_OUTLIERS, outliers.most()));
        for (int i = 0; i < count; i++) {
            int index = TabHeader.indexBytes(width) == 1 ? headers.nextByte() : headers.nextShort() & 0xFFFF;
            String fault = outliers.fault(index);
            if (fault != null) {
                throw new CodecException(Reason.FIELD, fault, headers.position());
            }
            int half = headers.nextShort() & 0xFFFF;
            if (!Bf16.finite(half)) {
                throw new CodecException(Reason.FIELD, "outlier is not finite", headers.position());
            }
            outliers.add(index, Bf16.widen(half));
        }
    }

    private static int within(RangeReader headers, String what, int value, int most) {
        if (value < 0 || value > most) {
            throw new CodecException(
                    Reason.FIELD, what + " of a token is " + value + ", not in 0.." + most, headers.position());
        }
        return value;
    }
}
