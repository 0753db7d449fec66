package dev.cleave.codec.tabq;

import dev.cleave.codec.CodecException;
import dev.cleave.codec.CodecException.Reason;
import dev.cleave.codec.frame.Bf16;
import dev.cleave.codec.rans.CodeReader;
import dev.cleave.codec.rans.RangeReader;
import dev.cleave.codec.rans.SpreadTables;

/** Reads the {@link CodedHead}s of a frame. */
public final class CodedHeadReader {
    private final int width;
    private final int usualSpread;
    private final float[] levels = new float[CodedHead.CODES];
    private int spread;
    private int scale;
    private boolean first;
    private boolean alone;

    public CodedHeadReader(int width, int usualSpread) {
        this.width = width;
        this.usualSpread = usualSpread;
    }

    public void begin(int tokens) {
        spread = usualSpread;
        first = true;
        alone = tokens == 1;
    }

    /**
     * Reads the rest of a token: its head behind the first symbol, and its codes.
     *
     * @param symbol the first, not <em>other</em>
     * @return whether the coder has ended with it
     */
    public boolean read(CodeReader coder, int symbol, Outliers outliers, float[] row) {
        RangeReader heads = coder.first();
        spread = within(heads, "spread", spread + symbol - SpreadTables.REACH, SpreadTables.SPREADS - 1);
        readOutliers(heads, outliers);
        if (!alone) {
            readScale(heads);
        }
        CodedHead.fill(levels, alone ? 1 : CodedHead.scale(scale));
        coder.read(CodedHead.CENTRE, spread, levels, CodedHead.CODES - 1, row, outliers.count());
        if (alone) {
            // It tells its scale behind its codes.
            double found = CodedHead.scale(coder.finish(CodedHead.SCALES - 1));
            for (int i = outliers.count(); i < row.length; i++) {
                row[i] = (float) (row[i] * found);
            }
        }
        outliers.merge(row);
        return alone;
    }

    private void readScale(RangeReader heads) {
        int symbol = first ? SpreadTables.OTHER : heads.symbol(CodedHead.SCALE_TABLE);
        int stated = symbol == SpreadTables.OTHER ? heads.nextShort() : scale + symbol - SpreadTables.REACH;
        scale = within(heads, "scale", stated, CodedHead.SCALES - 1);
        first = false;
    }

    private void readOutliers(RangeReader heads, Outliers outliers) {
        outliers.clear();
        int stated = heads.symbol(CodedHead.OUTLIERS_TABLE) - SpreadTables.REACH;
        int count = within(heads, "number of outliers", stated, Math.min(CodedHead.MOST_OUTLIERS, outliers.most()));
        for (int i = 0; i < count; i++) {
            int index = TabHead.indexBytes(width) == 1 ? heads.nextByte() : heads.nextShort() & 0xFFFF;
            String fault = outliers.fault(index);
            if (fault != null) {
                throw new CodecException(Reason.FIELD, fault, heads.position());
            }
            int half = heads.nextShort() & 0xFFFF;
            if (!Bf16.finite(half)) {
                throw new CodecException(Reason.FIELD, "outlier is not finite", heads.position());
            }
            outliers.add(index, Bf16.widen(half));
        }
    }

    private static int within(RangeReader heads, String what, int value, int most) {
        if (value < 0 || value > most) {
            throw new CodecException(
                    Reason.FIELD, what + " of a token is " + value + ", not in 0.." + most, heads.position());
        }
        return value;
    }
}
