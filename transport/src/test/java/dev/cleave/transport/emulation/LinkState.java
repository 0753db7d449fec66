package dev.cleave.transport.emulation;

import java.util.concurrent.locks.LockSupport;

/** What the link is like now, for all threads of a proxy; and how they wait. Times are of {@link System#nanoTime}. */
final class LinkState {
    /** Waits are cut into pieces of this, so that a change of the link and its end are seen soon. */
    private static final long SLICE_NANOS = 5_000_000;

    private record Outage(long from, long to) {}

    private volatile LinkShape shape;
    private volatile Outage outage;
    private volatile boolean closed;

    LinkState(LinkShape shape) {
        this.shape = shape;
    }

    LinkShape shape() {
        return shape;
    }

    void shape(LinkShape next) {
        shape = next;
    }

    void outage(long from, long nanos) {
        outage = new Outage(from, from + nanos);
    }

    void resume() {
        outage = null;
    }

    void close() {
        closed = true;
    }

    boolean closed() {
        return closed;
    }

    boolean dead() {
        Outage current = outage;
        long now = System.nanoTime();
        return current != null && now - current.from >= 0 && now - current.to < 0;
    }

    /** Waits one piece of the way to a time. */
    void slice(long until) throws InterruptedException {
        LockSupport.parkNanos(this, Math.min(SLICE_NANOS, until - System.nanoTime()));
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    /** Returns at {@code due}, or when the link is alive again where that is later. */
    void await(long due) throws InterruptedException {
        while (due - System.nanoTime() > 0) {
            slice(due);
        }
        while (dead()) {
            slice(System.nanoTime() + SLICE_NANOS);
        }
    }
}
