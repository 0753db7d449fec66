package dev.cleave.cloud.worker;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/**
 * The threads that compute steps: as many as may run at once. What waits is bounded by the sessions, each of which has one step
 * here at most.
 */
final class ComputePool implements Executor, AutoCloseable {
    private static final Logger LOG = Logger.getLogger(ComputePool.class);

    private static final long POLL_MILLIS = 5;

    private final WorkerMetrics metrics;
    private final AtomicInteger pending = new AtomicInteger();
    private final ThreadPoolExecutor threads;
    private final List<Slot> slots = new CopyOnWriteArrayList<>();
    private final ThreadLocal<Slot> slot = ThreadLocal.withInitial(() -> {
        Slot fresh = new Slot();
        slots.add(fresh);
        return fresh;
    });

    private static final class Slot {
        /** When the task that runs began, by nanoTime; 0 between tasks. */
        private volatile long begun;
    }

    ComputePool(int count, WorkerMetrics metrics) {
        this.metrics = metrics;
        AtomicInteger number = new AtomicInteger();
        this.threads = new ThreadPoolExecutor(count, count, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread thread = new Thread(task, "cleave-compute-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    public void execute(Runnable task) {
        long handed = System.nanoTime();
        pending.incrementAndGet();
        try {
            threads.execute(() -> run(task, handed));
        } catch (RejectedExecutionException e) {
            pending.decrementAndGet();
            throw e;
        }
    }

    private void run(Runnable task, long handed) {
        Slot mine = slot.get();
        long now = System.nanoTime();
        metrics.queued(now - handed);
        mine.begun = now == 0 ? 1 : now;
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            LOG.error("A step failed outside its session", e);
        } finally {
            mine.begun = 0;
            pending.decrementAndGet();
        }
    }

    /** Returns how long the longest task that runs now has been running. */
    Duration longestRunning() {
        long now = System.nanoTime();
        long longest = 0;
        for (Slot each : slots) {
            long begun = each.begun;
            if (begun != 0) {
                longest = Math.max(longest, now - begun);
            }
        }
        return Duration.ofNanos(longest);
    }

    /**
     * Waits until nothing runs or waits, and then takes no more tasks. Tasks may hand in more of them while it waits: the
     * last of a session closes it.
     *
     * @return whether all ended within the limit
     */
    boolean finish(Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        try {
            while (pending.get() > 0 && System.nanoTime() - end < 0) {
                Thread.sleep(POLL_MILLIS);
            }
            threads.shutdown();
            return threads.awaitTermination(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            threads.shutdown();
            return false;
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
