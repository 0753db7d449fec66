package dev.cleave.transport;

import dev.cleave.transport.worker.SessionFailure;
import dev.cleave.transport.worker.SessionRefusal;
import dev.cleave.transport.worker.StepAnswer;
import dev.cleave.transport.worker.WorkerSession;
import dev.cleave.transport.worker.WorkerSessions;
import dev.cleave.transport.worker.WorkerStep;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32;

/** Sessions whose token is a checksum of what came: a step that was altered, lost or run twice shows. */
final class EchoSessions implements WorkerSessions {
    static final int MAX_LENGTH = 4096;
    static final int STEP_TOKENS = 128;
    static final int STEP_BYTES = 300_000;
    static final int BAD_POSITION = 4000;

    final AtomicInteger open = new AtomicInteger();
    final AtomicInteger steps = new AtomicInteger();
    final AtomicInteger openings = new AtomicInteger();
    volatile CountDownLatch hold = new CountDownLatch(0);

    /** Holds the first opening. */
    volatile CountDownLatch holdFirst = new CountDownLatch(0);

    @Override
    public Opened open(SessionRequest request) {
        if (request.shape().quality().equals("unknown")) {
            throw new SessionRefusal(RefusalCode.UNSUPPORTED, "codec level 'unknown' does not exist", false);
        }
        if (openings.incrementAndGet() == 1) {
            await(holdFirst);
        }
        open.incrementAndGet();
        return new Opened(
                new Echo(),
                new SessionLimits(MAX_LENGTH, STEP_TOKENS, 96 * 1024, 4, 60_000),
                request.shape().split() == 0 ? 0 : STEP_BYTES);
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("held for too long");
            }
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
    }

    static int token(byte[] frame, int offset, int length, int position) {
        CRC32 crc = new CRC32();
        crc.update(frame, offset, length);
        crc.update(position);
        return (int) (crc.getValue() & 0x7FFF_FFFF);
    }

    static int token(int[] ids, int from, int count, int position) {
        int sum = position;
        for (int i = from; i < from + count; i++) {
            sum = 31 * sum + ids[i];
        }
        return sum & 0x7FFF_FFFF;
    }

    private static int token(Step step) {
        if (step.content() instanceof Step.Frame frame) {
            return token(frame.bytes(), frame.offset(), frame.length(), step.position());
        }
        Step.Ids ids = (Step.Ids) step.content();
        return token(ids.ids(), ids.from(), step.rows(), step.position());
    }

    private final class Echo implements WorkerSession {
        @Override
        public void step(WorkerStep work, StepAnswer answer) {
            steps.incrementAndGet();
            await(hold);
            Step step = work.step();
            if (step.position() == BAD_POSITION) {
                throw new SessionFailure(SessionErrorCode.BAD_FRAME, "the frame is damaged");
            }
            for (int i = 0; step.scored() && i < step.forcedCount(); i++) {
                answer.token(step.forcedId(i), -step.forcedId(i));
            }
            if (step.sample() != StepSample.NONE && !step.scored()) {
                answer.token(token(step), -0.5f);
            }
            answer.timings(1, 2, 3);
            answer.done();
        }

        @Override
        public void close() {
            open.decrementAndGet();
        }
    }
}
