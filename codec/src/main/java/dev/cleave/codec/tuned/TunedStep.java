package dev.cleave.codec.tuned;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * How finely the remainder of a token is rounded.
 *
 * @param spreads which of a calibration's spreads hold for it, 0..10
 * @param percent width of a step, in per cent of the calibration's unit
 */
public record TunedStep(int spreads, int percent) {
    private static final int[] PERCENT = {10, 14, 20, 25, 30, 36, 43, 52, 62, 75, 90};

    /** How many have spreads of their own in a calibration. */
    static final int FITTED = PERCENT.length;

    /** Returns those with spreads of their own, finest first. */
    public static List<TunedStep> fitted() {
        List<TunedStep> steps = new ArrayList<>();
        for (int i = 0; i < FITTED; i++) {
            steps.add(new TunedStep(i, PERCENT[i]));
        }
        return Collections.unmodifiableList(steps);
    }

    /** Returns s, the width of a step, for a calibration's unit. */
    float width(float unit) {
        return (float) (percent / 100.0 * unit);
    }
}
