package dev.cleave.generation;

import java.util.Locale;
import java.util.Optional;

/** Counts the tokens of one generation that miss their deadline, and says when it is no use to go on. */
final class DeadlineWatch {
    private static final double NANOS_PER_MILLI = 1e6;

    private final Optional<Promise> promise;
    private final double deadlineNanos;
    private int late;
    private int inARow;
    private long lastNanos;

    DeadlineWatch(Optional<Promise> promise) {
        this.promise = promise;
        deadlineNanos = promise.isPresent() ? promise.get().deadlineMillis() * NANOS_PER_MILLI : Double.MAX_VALUE;
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
        return promise.isPresent() && inARow >= promise.get().mostLate();
    }

    /** Returns the tokens over the deadline. */
    int late() {
        return late;
    }

    /** Returns whether a text that cannot keep its deadline is to end early. */
    boolean endsEarly() {
        return promise.isPresent() && promise.get().endsEarly();
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
        double value = promise.get().deadlineMillis();
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
}
