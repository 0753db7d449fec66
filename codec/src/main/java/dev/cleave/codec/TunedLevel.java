package dev.cleave.codec;

import dev.cleave.codec.CodecException.Reason;
import dev.cleave.codec.frame.Frame;
import dev.cleave.codec.frame.LevelId;
import dev.cleave.codec.tuned.Calibration;
import dev.cleave.codec.tuned.TunedDecoder;
import dev.cleave.codec.tuned.TunedEncoder;
import dev.cleave.codec.tuned.TunedStep;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A level that is tuned to a model: what can be predicted of a token is taken away, and what is left is decorrelated, rounded
 * and range-coded. See {@link Calibration} for the formulas; they are ours. Each component of the remainder is rounded to
 * steps of {@code step · unit}, unit being the root mean square of the activations around their mean. Rounding leans towards
 * 0, q = sign(e) ⌊|e|/s + 0.4⌋, and values are put back a little below, ê = sign(q) (|q| − 0.04) s: cheaper codes for the
 * same error. So |e − ê| ≤ 0.64 s, and ‖x − x̂‖ ≤ 0.64 s √d. A token with a code beyond ±32767 travels as float32.
 *
 * @param name as users write it
 * @param id stands in the frame
 * @param step how finely it rounds
 * @param calibration of the split, or null: then it has a name only
 */
record TunedLevel(String name, int id, TunedStep step, Calibration calibration) implements CodecLevel {
    private static final int FIRST_ID = 32;
    private static final List<TunedLevel> ALL = make();

    private TunedLevel(int id, TunedStep step) {
        this("tuned-" + step.percent(), id, step, null);
    }

    /** Puts one in between, about where small models cross 1 % of perplexity. Its spreads are borrowed: 7 % wider than its own. */
    private static List<TunedLevel> make() {
        List<TunedLevel> all = new ArrayList<>();
        for (TunedStep step : TunedStep.fitted()) {
            all.add(new TunedLevel(FIRST_ID + all.size(), step));
        }
        int lender = 3;
        all.add(lender + 1, new TunedLevel(FIRST_ID + all.size(), new TunedStep(lender, 27)));
        return Collections.unmodifiableList(all);
    }

    /** Returns all of them, finest first, without a calibration. */
    static List<TunedLevel> all() {
        return ALL;
    }

    @Override
    public boolean needsCalibration() {
        return true;
    }

    @Override
    public CodecLevel calibrated(Calibration with) {
        return new TunedLevel(name, id, step, with);
    }

    @Override
    public Encoder encoder(int width) {
        return new TunedEncoder(new LevelId(id, name), step, calibration, checked(width));
    }

    @Override
    public Decoder decoder(int width) {
        return new TunedDecoder(new LevelId(id, name), step, calibration, checked(width));
    }

    private int checked(int width) {
        if (calibration == null) {
            throw new CodecException(
                    Reason.LEVEL,
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
