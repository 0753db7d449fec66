package dev.cleave.cloud.worker;

import java.util.concurrent.atomic.AtomicLong;

/** Bytes of KV cache that sessions have reserved, and the limit. Safe for many threads. */
public final class KvAccount {
    private final long limit;
    private final AtomicLong reserved = new AtomicLong();

    /**
     * Creates an empty account.
     *
     * @param limit in bytes, at least 1
     */
    public KvAccount(long limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit=" + limit + " bytes, expected at least 1");
        }
        this.limit = limit;
    }

    /** Reserves so many bytes, or returns false where they do not fit and leaves the account as it is. */
    boolean reserve(long bytes) {
        long before;
        do {
            before = reserved.get();
            if (bytes > limit - before) {
                return false;
            }
        } while (!reserved.compareAndSet(before, before + bytes));
        return true;
    }

    /** Gives back what was reserved. */
    void release(long bytes) {
        long after = reserved.addAndGet(-bytes);
        if (after < 0) {
            throw new IllegalStateException("KV account is at " + after + " bytes: more was given back than reserved");
        }
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
