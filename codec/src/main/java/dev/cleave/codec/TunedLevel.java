package dev.cleave.codec;

import dev.cleave.codec.CodecException.Reason;
import dev.cleave.codec.frame.Frame;
import dev.cleave.codec.tuned.Calibration;
import dev.cleave.codec.tuned.TunedDecoder;
import dev.cleave.codec.tuned.TunedEncoder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A quality that is tuned to a model: what can be predicted of a token is taken away, and what is left is decorrelated, rounded
 * and range-coded. See {@link Calibration} for the formulas; they are ours. Each component of the remainder is rounded to
 * steps of {@code step · unit}, unit being the root mean square of the activations around their mean. Rounding leans towards
 * 0, q = sign(e) ⌊|e|/s + 0.4⌋, and values are put back a little below, ê = sign(q) (|q| − 0.04) s: cheaper codes for the
 * same error. So |e − ê| ≤ 0.64 s, and ‖x − x̂‖ ≤ 0.64 s √d. A token with a code beyond ±32767 travels as float32.
 *
 * @param name as users write it
 * @param id stands in the frame
 * @param spreads which of the calibration's spreads are its, 0..FITTED-1
 * @param step in units
 * @param calibration of the split, or null: then it has a name only
 */
public record TunedLevel(String name, int id, int spreads, double step, Calibration calibration) implements CodecLevel {
    /** Rounds towards 0 more often than away from it. */
    public static final float ROUNDING = 0.4f;
    /** How far below the middle of its interval a value is put back, in steps. */
    public static final float SHRINK = 0.04f;
    /** The greatest code. */
    public static final int MOST = Short.MAX_VALUE;

    private static final int FIRST_ID = 32;
    private static final int[] PERCENT = {10, 14, 20, 25, 30, 36, 43, 52, 62, 75, 90};

    /** How many have spreads of their own in a calibration. */
    public static final int FITTED = PERCENT.length;

    private static final List<TunedLevel> OWN = own();
    private static final List<TunedLevel> ALL = all(OWN);

    private static List<TunedLevel> own() {
        List<TunedLevel> own = new ArrayList<>();
        for (int i = 0; i < FITTED; i++) {
            own.add(new TunedLevel("tuned-" + PERCENT[i], FIRST_ID + i, i, PERCENT[i] / 100.0, null));
        }
        return Collections.unmodifiableList(own);
    }

    /** Puts one in between, about where small models cross 1 % of perplexity. Its spreads are borrowed: 7 % wider than its own. */
    private static List<TunedLevel> all(List<TunedLevel> own) {
        List<TunedLevel> all = new ArrayList<>(own);
        int lender = 3;
        all.add(lender + 1, new TunedLevel("tuned-27", FIRST_ID + FITTED, lender, 0.27, null));
        return Collections.unmodifiableList(all);
    }

    /** Returns those with spreads of their own, finest first, without a calibration. */
    public static List<TunedLevel> fitted() {
        return OWN;
    }

    /** Returns all of them, finest first, without a calibration. */
    public static List<TunedLevel> all() {
        return ALL;
    }

    @Override
    public boolean needsCalibration() {
        return true;
    }

    @Override
    public CodecLevel calibrated(Calibration with) {
        return new TunedLevel(name, id, spreads, step, with);
    }

    /** Returns s, the width of a step. */
    public float stepWidth() {
        return stepWidth(calibration.unit());
    }

    /** Returns s for a calibration's unit. */
    public float stepWidth(float unit) {
        return (float) (step * unit);
    }

    @Override
    public Encoder encoder(int width) {
        return new TunedEncoder(this, checked(width));
    }

    @Override
    public Decoder decoder(int width) {
        return new TunedDecoder(this, checked(width));
    }

    private int checked(int width) {
        if (calibration == null) {
            throw new CodecException(
                    Reason.QUALITY,
                    "codec level '" + name + "' needs a calibration of this split; make one with: cleave prepare"
                            + " --calibrate, or choose one of "
                            + CodecLevel.all().stream().map(CodecLevel::name).collect(Collectors.joining(", ")),
                    0);
        }
        if (calibration.width() != width) {
            throw new CodecException(
                    Reason.SHAPE,
                    "codec level '" + name + "' is calibrated for width " + calibration.width()
                            + " where the activations have " + width,
                    0);
        }
        return Frame.checkWidth(width);
    }

    @Override
    public String toString() {
        return name;
    }
}
