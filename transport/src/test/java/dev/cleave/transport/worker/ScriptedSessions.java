package dev.cleave.transport.worker;

import dev.cleave.transport.SessionLimits;
import dev.cleave.transport.SessionRequest;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Sessions that a test opens, answers and ends when it likes; it sees which are open. */
final class ScriptedSessions implements WorkerSessions {
    static final SessionLimits LIMITS = new SessionLimits(4096, 128, 96 * 1024, 4, 60_000);
    private static final long PATIENCE_SECONDS = 20;

    /** Openings of these epochs wait for their latch. */
    final Map<Integer, CountDownLatch> held = new ConcurrentHashMap<>();

    /** Epochs whose session is open. */
    final Set<Integer> open = ConcurrentHashMap.newKeySet();

    /** Epochs whose opening has begun, in that order. */
    final LinkedBlockingQueue<Integer> begun = new LinkedBlockingQueue<>();

    /** Steps that wait for their end. */
    final LinkedBlockingQueue<Handed> steps = new LinkedBlockingQueue<>();

    /** A step that was handed over. */
    record Handed(SessionRequest request, WorkerStep work, StepAnswer answer) {}

    static CountDownLatch latch() {
        return new CountDownLatch(1);
    }

    @Override
    public Opened open(SessionRequest request) {
        begun.add(request.epoch());
        await(held.getOrDefault(request.epoch(), new CountDownLatch(0)));
        open.add(request.epoch());
        return new Opened(
                new WorkerSession() {
                    @Override
                    public void step(WorkerStep step, StepAnswer answer) {
                        steps.add(new Handed(request, step, answer));
                    }

                    @Override
                    public void close() {
                        open.remove(request.epoch());
                    }
                },
                LIMITS,
                300_000);
    }

    static void await(CountDownLatch latch) {
        try {
            if (!latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("held for too long");
            }
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
    }

    /** Returns the next step that was handed over. */
    Handed next() throws InterruptedException {
        Handed next = steps.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("no step came");
        }
        return next;
    }
}
