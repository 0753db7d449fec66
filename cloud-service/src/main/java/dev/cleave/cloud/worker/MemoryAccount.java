package dev.cleave.cloud.worker;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** Bytes that sessions have reserved, and the limit. Safe for many threads. */
public final class MemoryAccount {
    private final long limit;
    private final AtomicLong reserved = new AtomicLong();

    /**
     * Creates an empty account.
     *
     * @param limit in bytes, at least 1
     */
    public MemoryAccount(long limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit=" + limit + " bytes, expected at least 1");
        }
        this.limit = limit;
    }

    /** Bytes that are held until they are given back, which counts once however often it is said. */
    final class Reservation implements AutoCloseable {
        private final long bytes;
        private final AtomicBoolean held = new AtomicBoolean(true);

        private Reservation(long bytes) {
            this.bytes = bytes;
        }

        @Override
        public void close() {
            if (held.compareAndSet(true, false)) {
                reserved.addAndGet(-bytes);
            }
        }
    }

    /**
     * Reserves so many bytes, or nothing where they do not fit.
     *
     * @param bytes at least 0
     */
    Optional<Reservation> reserve(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("bytes=" + bytes + ", expected at least 0");
        }
        long before;
        do {
            before = reserved.get();
            if (bytes > limit - before) {
                return Optional.empty();
            }
        } while (!reserved.compareAndSet(before, before + bytes));
        return Optional.of(new Reservation(bytes));
    }

    /** Returns the bytes reserved now. */
    public long reserved() {
        return reserved.get();
    }

    /** Returns the limit, in bytes. */
    public long limit() {
        return limit;
    }
}
