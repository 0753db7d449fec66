package dev.cleave.transport.worker;

import dev.cleave.transport.SessionErrorCode;
import dev.cleave.transport.SessionLimits;
import dev.cleave.transport.StepFinish;
import dev.cleave.transport.internal.StepReader;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * One session at the worker: puts chunks together, counts each step once, and runs steps one at a time without keeping a
 * thread. The lock is never held while a step runs or a message is sent.
 */
final class ServedSession {
    private static final Logger LOG = Logger.getLogger(ServedSession.class.getName());

    /** What a session asks of its link. */
    interface Outlet {
        /** Sends an answer, QoS 0. */
        void answer(ServedSession session, byte[] message);

        /** Sends an error; the session is over, except after {@code GAP} and {@code UNKNOWN_SESSION}. */
        void error(ServedSession session, int seq, SessionFailure failure, int expectedSeq);
    }

    private final Openings.OpenKey key;
    private final String name;
    private final String device;
    private final int epoch;
    private final WorkerSession session;
    private final SessionLimits limits;
    private final int maxStepBytes;
    private final Executor executor;
    private final Outlet outlet;
    private final StepReader reader;

    private final ArrayDeque<PendingStep> queue = new ArrayDeque<>();
    private PendingStep gathering;
    private PendingStep current;
    private int nextSeq = 1;
    private int answeredSeq;
    private byte[] lastAnswer;
    private boolean busy;
    private boolean ended;
    private boolean sessionClosed;
    private final CountDownLatch closedLatch = new CountDownLatch(1);
    private long lastActiveNanos = System.nanoTime();

    ServedSession(Openings.OpenKey key, String device, WorkerSessions.Opened opened, Executor executor, Outlet outlet) {
        this.key = key;
        this.name = key.name();
        this.device = device;
        this.epoch = key.epoch();
        this.session = opened.session();
        this.limits = opened.limits();
        this.maxStepBytes = opened.maxStepBytes();
        this.executor = executor;
        this.outlet = outlet;
        this.reader = new StepReader(limits.maxTokensPerStep());
    }

    /** Returns device and session, as they stand in topics: {@code device/session}. */
    String name() {
        return name;
    }

    /** Returns the opening that it answers. */
    Openings.OpenKey key() {
        return key;
    }

    String device() {
        return device;
    }

    int epoch() {
        return epoch;
    }

    SessionLimits limits() {
        return limits;
    }

    synchronized boolean idleSince(long nanos) {
        return !busy && lastActiveNanos - nanos < 0;
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
            lastActiveNanos = now;
            try {
                reader.read(bytes, offset, length);
                if (reader.epoch() != epoch) {
                    failure = new SessionFailure(
                            SessionErrorCode.UNKNOWN_SESSION,
                            "epoch " + reader.epoch() + " is not open here, " + epoch + " is");
                } else if (reader.seq() < nextSeq) {
                    // A repeat: what is under way is answered in its turn, what was answered last gets the same answer.
                    boolean whole = reader.chunk() == reader.chunks() - 1;
                    repeat = whole && reader.seq() == answeredSeq ? lastAnswer : null;
                } else if (follows()) {
                    gather(bytes, now);
                } else {
                    expected = nextSeq;
                    failure = gap();
                }
            } catch (IOException malformed) {
                failure = new SessionFailure(
                        SessionErrorCode.BAD_FRAME,
                        "a step of " + length + " bytes is malformed: " + malformed.getMessage());
            } catch (SessionFailure fault) {
                failure = fault;
            }
        }
        if (repeat != null) {
            outlet.answer(this, repeat);
        }
        if (failure != null) {
            outlet.error(this, reader.seq(), failure, expected);
        }
    }

    /** Whether this chunk is the one to come, or the first again: a device that was told of a gap starts the step over. */
    private boolean follows() {
        return reader.seq() == nextSeq
                && (reader.chunk() == 0 || gathering != null && reader.chunk() == gathering.gathered());
    }

    private SessionFailure gap() {
        String missing = gathering == null ? "" : " from chunk " + gathering.gathered() + " on";
        gathering = null;
        return new SessionFailure(
                SessionErrorCode.GAP,
                "chunk " + reader.chunk() + " of step " + reader.seq() + " came, step " + nextSeq + missing
                        + " is missing");
    }

    private void gather(byte[] bytes, long now) {
        if (reader.chunk() == 0) {
            check();
            gathering = new PendingStep(reader);
        }
        gathering.add(reader, bytes, maxStepBytes);
        if (!gathering.complete()) {
            return;
        }
        PendingStep step = gathering;
        gathering = null;
        step.arrived(now);
        queue.add(step);
        nextSeq++;
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

    private void check() {
        int tokens = reader.tokens();
        if (tokens < 1 || tokens > limits.maxTokensPerStep()) {
            throw outOfRange("a step of " + tokens + " tokens; it may have 1 to " + limits.maxTokensPerStep());
        }
        if (reader.position() < 0 || reader.position() > limits.maxLength() - tokens) {
            throw outOfRange("position " + reader.position() + " with " + tokens + " tokens; the session holds "
                    + limits.maxLength());
        }
        if (!PendingStep.isSample(reader.sample())) {
            throw outOfRange("sample positions number " + reader.sample());
        }
        if (reader.chunks() < 1 || reader.chunks() > Math.max(1, maxStepBytes)) {
            throw outOfRange("a step of " + reader.chunks() + " chunks");
        }
        if (reader.idCount() != (maxStepBytes == 0 ? tokens : 0)) {
            throw outOfRange(reader.idCount() + " ids in a step of " + tokens + " tokens"
                    + (maxStepBytes == 0 ? "" : "; this split takes activations"));
        }
        int underWay = queue.size() + (current == null ? 0 : 1);
        if (underWay >= limits.window()) {
            throw new SessionFailure(
                    SessionErrorCode.WINDOW, underWay + " steps are under way; the window is " + limits.window());
        }
    }

    private static SessionFailure outOfRange(String message) {
        return new SessionFailure(SessionErrorCode.OUT_OF_RANGE, message);
    }

    private void runNext() {
        PendingStep step;
        synchronized (this) {
            step = ended ? null : queue.poll();
            current = step;
            if (step == null) {
                busy = false;
            }
        }
        if (step == null) {
            closeIfEnded();
            return;
        }
        SessionFailure failure = null;
        byte[] message = null;
        try {
            TokensAnswer answer = new TokensAnswer(epoch, step, System.nanoTime());
            if (step.cancelled()) {
                answer.finish(StepFinish.CANCELLED);
            } else {
                session.step(step, answer);
            }
            message = answer.message(step);
        } catch (SessionFailure fault) {
            failure = fault;
        } catch (RuntimeException | Error fault) {
            LOG.log(Level.SEVERE, "session " + name + " failed in step " + step.seq(), fault);
            failure = new SessionFailure(SessionErrorCode.INTERNAL, "the worker failed in step " + step.seq());
        }
        synchronized (this) {
            if (message != null) {
                answeredSeq = step.seq();
                lastAnswer = message;
            }
            lastActiveNanos = System.nanoTime();
            // Room in the window before the device can know of it.
            current = null;
        }
        if (failure != null) {
            outlet.error(this, step.seq(), failure, 0);
        } else {
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
                // To the end of the executor's line: sessions take turns.
                executor.execute(this::runNext);
                return;
            } catch (RejectedExecutionException stopping) {
                synchronized (this) {
                    busy = false;
                }
                outlet.error(this, 0, new SessionFailure(SessionErrorCode.STOPPED, "the worker stops"), 0);
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
            gathering = null;
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
            LOG.log(Level.SEVERE, "session " + name + " did not close", fault);
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
