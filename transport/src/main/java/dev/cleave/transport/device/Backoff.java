package dev.cleave.transport.device;

import dev.cleave.transport.TransportException;
import dev.cleave.transport.TransportException.Reason;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** A delay that doubles up to a second; half of it is chance, so that devices do not come back all at once. */
final class Backoff {
    private static final long FIRST_MILLIS = 50;
    private static final long GREATEST_MILLIS = 1000;

    private long millis = FIRST_MILLIS;

    /** Returns the next delay, in ns. */
    long next() {
        long half = TimeUnit.MILLISECONDS.toNanos(millis) / 2;
        millis = Math.min(GREATEST_MILLIS, 2 * millis);
        return half + ThreadLocalRandom.current().nextLong(half + 1);
    }

    /** Sleeps for the next delay; returns whether there was time for it. */
    boolean sleep(long deadlineNanos) {
        long nanos = next();
        if (deadlineNanos - System.nanoTime() < nanos) {
            return false;
        }
        try {
            TimeUnit.NANOSECONDS.sleep(nanos);
            return true;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new TransportException(Reason.INTERRUPTED, "interrupted while waiting to try again", stop);
        }
    }
}
