package dev.cleave.transport.worker;

import dev.cleave.proto.Finish;
import dev.cleave.proto.StepTimings;
import dev.cleave.proto.Tokens;
import dev.cleave.proto.WorkerMessage;
import dev.cleave.transport.StepFinish;
import java.util.concurrent.atomic.AtomicBoolean;

/** Gathers what a step yields into a message. */
final class TokensAnswer implements StepAnswer {
    private final Tokens.Builder tokens = Tokens.newBuilder();
    private final StepTimings.Builder timings = StepTimings.newBuilder();

    private final PendingStep step;
    private final Ending ending;
    private final AtomicBoolean ended = new AtomicBoolean();

    /** Is told, once, how a step ended. */
    interface Ending {
        /**
         * Takes the end of a step.
         *
         * @param message that answers it; null where it failed
         * @param failure null where it did not
         */
        void ended(PendingStep step, byte[] message, SessionFailure failure);
    }

    TokensAnswer(int epoch, PendingStep step, long startedNanos, Ending ending) {
        this.step = step;
        this.ending = ending;
        tokens.setEpoch(epoch).setSeq(step.seq());
        timings.setQueueUs(micros(startedNanos - step.arrivedNanos()));
    }

    @Override
    public void token(int id, float logProbability) {
        tokens.addIds(id).addLogprobs(logProbability);
    }

    @Override
    public void finish(StepFinish finish) {
        tokens.setFinish(Finish.forNumber(finish.ordinal()));
    }

    @Override
    public void timings(int decodeMicros, int computeMicros, int sampleMicros) {
        timings.setDecodeUs(decodeMicros).setComputeUs(computeMicros).setSampleUs(sampleMicros);
    }

    @Override
    public void done() {
        if (ended.compareAndSet(false, true)) {
            ending.ended(step, message(), null);
        }
    }

    @Override
    public void failed(SessionFailure failure) {
        if (ended.compareAndSet(false, true)) {
            ending.ended(step, null, failure);
        }
    }

    private byte[] message() {
        timings.setHeldUs(micros(System.nanoTime() - step.arrivedNanos()));
        return WorkerMessage.newBuilder()
                .setTokens(tokens.setTimings(timings))
                .build()
                .toByteArray();
    }

    private static int micros(long nanos) {
        return (int) Math.min(Integer.MAX_VALUE, nanos / 1000);
    }
}
