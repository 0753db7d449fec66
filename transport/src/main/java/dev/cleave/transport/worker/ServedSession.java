package dev.cleave.transport.worker;

import dev.cleave.transport.SessionErrorCode;
import dev.cleave.transport.SessionLimits;
import dev.cleave.transport.StepFinish;
import java.util.ArrayDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * One session at the worker: counts each step once, and hands one at a time to the worker, which may end it on any thread. It keeps
 * no thread of its own. The lock is never held while a step runs or a message is sent.
 */
final class ServedSession implements TokensAnswer.Ending {
    private static final Logger LOG = Logger.getLogger(ServedSession.class.getName());

    /** What a session asks of its link. */
    interface Outlet {
        /** Sends an answer, QoS 0. */
        void answer(ServedSession session, byte[] message);

        /**
         * Sends an error; the session is over, except after {@code GAP}.
         *
         * @param epoch of the message that it answers: where that is not the session's, the session goes on
         */
        void error(ServedSession session, int epoch, int seq, SessionFailure failure, int expectedSeq);
    }

    private final OpenKey key;
    private final String topic;
    private final WorkerSession session;
    private final SessionLimits limits;
    private final Executor executor;
    private final Outlet outlet;

    private final StepAssembly assembly;
    private final ArrayDeque<PendingStep> queue = new ArrayDeque<>();
    private PendingStep current;
    private long currentSinceNanos;
    private int answeredSeq;
    private byte[] lastAnswer;
    private boolean busy;
    private boolean ended;
    private boolean sessionClosed;
    private final CountDownLatch closedLatch = new CountDownLatch(1);
    private long lastActiveNanos = System.nanoTime();

    ServedSession(OpenKey key, WorkerSessions.Opened opened, Executor executor, Outlet outlet) {
        this.key = key;
        this.topic = key.deviceTopic();
        this.session = opened.session();
        this.limits = opened.limits();
        this.executor = executor;
        this.outlet = outlet;
        this.assembly = new StepAssembly(key.epoch(), limits, opened.maxStepBytes());
    }

    /** Returns the opening that it answers. */
    OpenKey key() {
        return key;
    }

    /** Returns where its device listens. */
    String topic() {
        return topic;
    }

    SessionLimits limits() {
        return limits;
    }

    /** Returns whether nothing came, and nothing was under way, since then. */
    synchronized boolean idleSince(long nanos) {
        return !busy && lastActiveNanos - nanos < 0;
    }

    /** Returns whether the step that runs was begun before then. */
    synchronized boolean runningSince(long nanos) {
        return current != null && currentSinceNanos - nanos < 0;
    }

    /** Takes a chunk, on the link's thread. */
    void chunk(byte[] bytes, int offset, int length, long now) {
        byte[] repeat = null;
        SessionFailure failure = null;
        int expected = 0;
        synchronized (this) {
            if (ended) {
                return;
            }
            try {
                assembly.read(bytes, offset, length);
                lastActiveNanos = now;
                if (assembly.repeats()) {
                    // What is under way is answered in its turn, what was answered last gets the same answer.
                    repeat = assembly.whole() && assembly.seq() == answeredSeq ? lastAnswer : null;
                } else if (assembly.follows()) {
                    gather(bytes, now);
                } else {
                    expected = assembly.nextSeq();
                    failure = assembly.gap();
                }
            } catch (SessionFailure fault) {
                failure = fault;
            }
        }
        if (repeat != null) {
            outlet.answer(this, repeat);
        }
        if (failure != null) {
            outlet.error(this, assembly.epoch(), assembly.seq(), failure, expected);
        }
    }

    private void gather(byte[] bytes, long now) {
        PendingStep step = assembly.gather(bytes, queue.size() + (current == null ? 0 : 1));
        if (step == null) {
            return;
        }
        step.arrived(now);
        queue.add(step);
        if (!busy) {
            busy = true;
            try {
                executor.execute(this::runNext);
            } catch (RejectedExecutionException stopping) {
                busy = false;
                throw new SessionFailure(SessionErrorCode.STOPPED, "the worker stops");
            }
        }
    }

    private void runNext() {
        PendingStep step;
        synchronized (this) {
            step = ended ? null : queue.poll();
            current = step;
            currentSinceNanos = System.nanoTime();
            if (step == null) {
                busy = false;
            }
        }
        if (step == null) {
            closeIfEnded();
            return;
        }
        TokensAnswer answer = new TokensAnswer(key.epoch(), step, System.nanoTime(), this);
        try {
            if (step.cancelled()) {
                answer.finish(StepFinish.CANCELLED);
                answer.done();
            } else {
                session.step(step, answer);
            }
        } catch (SessionFailure fault) {
            answer.failed(fault);
        } catch (RuntimeException | Error fault) {
            LOG.log(Level.SEVERE, "session " + key.name() + " failed in step " + step.seq(), fault);
            answer.failed(new SessionFailure(
                    SessionErrorCode.INTERNAL, "the worker failed in step " + step.seq() + "; its log says why"));
        }
    }

    @Override
    public void ended(PendingStep step, byte[] message, SessionFailure failure) {
        boolean open;
        synchronized (this) {
            if (message != null) {
                answeredSeq = step.seq();
                lastAnswer = message;
            }
            lastActiveNanos = System.nanoTime();
            // Room in the window before the device can know of it.
            current = null;
            open = !ended;
        }
        if (open && failure != null) {
            outlet.error(this, key.epoch(), step.seq(), failure, 0);
        } else if (open) {
            outlet.answer(this, message);
        }
        boolean more;
        synchronized (this) {
            // Still busy until now, so that answers leave in the order of their steps.
            more = !queue.isEmpty() || ended;
            busy = more;
        }
        if (more) {
            try {
                // To the end of the executor's line: sessions take turns, and none is closed from inside its step.
                executor.execute(this::runNext);
                return;
            } catch (RejectedExecutionException stopping) {
                synchronized (this) {
                    busy = false;
                    open = !ended;
                }
                if (open) {
                    SessionFailure stop = new SessionFailure(SessionErrorCode.STOPPED, "the worker stops");
                    outlet.error(this, key.epoch(), 0, stop, 0);
                }
            }
        }
        closeIfEnded();
    }

    /** Marks what is under way as cancelled; each step is still answered. */
    synchronized void cancel() {
        if (current != null) {
            current.cancel();
        }
        for (PendingStep step : queue) {
            step.cancel();
        }
    }

    /** Ends the session: at once, or when the step that runs is done. Returns whether it was open. */
    boolean end() {
        synchronized (this) {
            if (ended) {
                return false;
            }
            ended = true;
            queue.clear();
            assembly.clear();
            if (current != null) {
                current.cancel();
            }
        }
        closeIfEnded();
        return true;
    }

    private void closeIfEnded() {
        synchronized (this) {
            if (!ended || busy || sessionClosed) {
                return;
            }
            sessionClosed = true;
        }
        try {
            session.close();
        } catch (RuntimeException fault) {
            LOG.log(Level.SEVERE, "session " + key.name() + " did not close", fault);
        } finally {
            closedLatch.countDown();
        }
    }

    /** Waits until the session has freed everything; returns whether it has. */
    boolean awaitClosed(long deadlineNanos) {
        try {
            return closedLatch.await(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
