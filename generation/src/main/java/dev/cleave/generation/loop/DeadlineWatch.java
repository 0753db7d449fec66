package dev.cleave.generation.loop;

import dev.cleave.generation.LatencyTarget;
import java.util.Locale;
import java.util.Optional;

/** Counts the tokens of one generation that miss their deadline, and says when it is no use to go on. */
final class DeadlineWatch {
    private static final double NANOS_PER_MILLI = 1e6;

    private final Optional<LatencyTarget> target;
    private final double deadlineNanos;
    private int late;
    private int inARow;
    private long lastNanos;

    DeadlineWatch(Optional<LatencyTarget> target) {
        this.target = target;
        deadlineNanos = target.isPresent() ? target.get().deadlineMillis() * NANOS_PER_MILLI : Double.MAX_VALUE;
    }

    /**
     * Counts a step.
     *
     * @param exhausted whether nothing is left to lower
     * @return whether the text is to end
     */
    boolean took(long nanos, boolean exhausted) {
        lastNanos = nanos;
        if (nanos > deadlineNanos) {
            late++;
            inARow = exhausted ? inARow + 1 : 0;
        } else {
            inARow = 0;
        }
        return target.isPresent() && inARow >= target.get().mostLate();
    }

    /** Returns the tokens over the deadline. */
    int late() {
        return late;
    }

    /** Returns whether a text that cannot keep its deadline is to end early. */
    boolean endsEarly() {
        return target.isPresent() && target.get().endsEarly();
    }

    /** Returns why it is no use, for people. */
    String reason() {
        return String.format(
                Locale.ROOT,
                "%d tokens in a row took longer than %s ms, the last one %.1f ms",
                inARow,
                millis(),
                lastNanos / NANOS_PER_MILLI);
    }

    private String millis() {
        double value = target.get().deadlineMillis();
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
}
