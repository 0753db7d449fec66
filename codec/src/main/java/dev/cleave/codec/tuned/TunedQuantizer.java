package dev.cleave.codec.tuned;

import dev.cleave.codec.rans.RangeWriter;
import dev.cleave.codec.rans.SpreadTables;

/** Rounds the remainder of a token, and finds how much wider or narrower than usual it spreads. */
public final class TunedQuantizer {
    /** Rounds towards 0 more often than away from it. */
    private static final float ROUNDING = 0.4f;

    /** How far below the middle of its interval a value is put back, in steps. */
    private static final float SHRINK = 0.04f;

    /** The largest code. */
    private static final int MOST = Short.MAX_VALUE;

    /** How far a token's spread may differ from the component's, in steps of the spreads' table. */
    public static final int REACH = 7;
    /** The spread of those differences themselves. */
    public static final int SHIFT_SPREAD = 16;

    private final float step;
    private final byte[] spreads;

    /**
     * Creates a quantizer.
     *
     * @param spreads of each component, [d]
     */
    public TunedQuantizer(float step, byte[] spreads) {
        this.step = step;
        this.spreads = spreads;
    }

    /** Returns one for each kind of what is known. */
    public static TunedQuantizer[] of(TunedStep tuned, Calibration calibration) {
        TunedQuantizer[] each = new TunedQuantizer[Calibration.Kind.values().length];
        for (Calibration.Kind kind : Calibration.Kind.values()) {
            each[kind.ordinal()] =
                    new TunedQuantizer(tuned.width(calibration.unit()), calibration.spread(kind, tuned.spreads()));
        }
        return each;
    }

    /**
     * Rounds e = y − prediction.
     *
     * @return ‖e − ê‖², or NaN where a code would be beyond its limit
     */
    public double quantize(float[] y, float[] prediction, short[] codes, int at) {
        float inverse = 1 / step;
        double squares = 0;
        for (int k = 0; k < y.length; k++) {
            float e = y[k] - prediction[k];
            float size = Math.abs(e) * inverse + ROUNDING;
            if (!(size < MOST + 1f)) {
                return Double.NaN;
            }
            int code = (int) size;
            codes[at + k] = (short) (e < 0 ? -code : code);
            double lost = (double) e - value(codes[at + k], step);
            squares += lost * lost;
        }
        return squares;
    }

    /** Returns ê. */
    public static float value(int code, float step) {
        if (code == 0) {
            return 0;
        }
        return (code > 0 ? code - SHRINK : code + SHRINK) * step;
    }

    /** Returns the shift, -REACH..REACH, under which the codes cost least. */
    public int shift(short[] codes, int at) {
        int best = 0;
        double least = cost(codes, at, 0);
        for (int direction = -1; direction <= 1; direction += 2) {
            for (int shift = direction; Math.abs(shift) <= REACH; shift += direction) {
                double cost = cost(codes, at, shift);
                if (cost >= least) {
                    break;
                }
                least = cost;
                best = shift;
            }
        }
        return best;
    }

    private double cost(short[] codes, int at, int shift) {
        double bits = SpreadTables.bits(SHIFT_SPREAD)[shift + SpreadTables.REACH];
        for (int k = 0; k < spreads.length; k++) {
            bits += SpreadTables.bits(spread(k, shift))[RangeWriter.symbol(codes[at + k])];
        }
        return bits;
    }

    /** Returns the spread of a component in a token with that shift. */
    public int spread(int k, int shift) {
        return SpreadTables.nearest(spreads[k] + shift);
    }
}
