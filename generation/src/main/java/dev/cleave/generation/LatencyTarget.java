package dev.cleave.generation;

import dev.cleave.codec.CodecLevel;
import dev.cleave.generation.link.LinkLadder;
import dev.cleave.generation.link.LinkPlan;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What a generated token may take, and what may be given up to keep that.
 *
 * @param deadlineMillis ms from one token to the next, above 0
 * @param ladder qualities to step down to, finest first, the first being the planned one; empty where the plan is to be kept.
 *     See {@link LinkLadder}
 * @param mostLate tokens in a row over the deadline, with nothing left to lower, after which the text ends; at least 1
 */
public record LatencyTarget(double deadlineMillis, List<CodecLevel> ladder, int mostLate) {
    /** Late tokens in a row after which a text usually ends. */
    public static final int USUAL_MOST_LATE = 16;

    /**
     * Checks the figures.
     *
     * @throws IllegalArgumentException outside the ranges
     */
    public LatencyTarget {
        if (!(deadlineMillis > 0) || mostLate < 1) {
            throw new IllegalArgumentException("deadline of " + deadlineMillis + " ms, " + mostLate
                    + " late tokens in a row; the one must be above 0, the other at least 1");
        }
        ladder = Collections.unmodifiableList(new ArrayList<>(ladder));
    }

    /** Returns the promise that counts late tokens, and gives nothing up for them. */
    public static LatencyTarget watched(double deadlineMillis) {
        return new LatencyTarget(deadlineMillis, Collections.emptyList(), Integer.MAX_VALUE);
    }

    /** Returns a split with all qualities that the ladder may bring in its plan, for whoever asks what it needs. */
    public SplitConfig counted(SplitConfig config) {
        LinkPlan plan = config.link();
        int from = plan.changes().get(plan.changes().size() - 1).from();
        for (CodecLevel quality : ladder) {
            plan = plan.then(++from, quality);
        }
        return config.with(plan);
    }

    /** Returns the same with another ladder. */
    public LatencyTarget with(List<CodecLevel> other) {
        return new LatencyTarget(deadlineMillis, other, mostLate);
    }

    /** Returns whether a text that cannot keep it ends early. */
    public boolean endsEarly() {
        return mostLate < Integer.MAX_VALUE;
    }

    /** Returns whether a step of the ladder needs a calibration. */
    public boolean needsCalibration() {
        return ladder.stream().anyMatch(CodecLevel::needsCalibration);
    }
}
