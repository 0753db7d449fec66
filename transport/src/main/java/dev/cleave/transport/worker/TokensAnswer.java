package dev.cleave.transport.worker;

import dev.cleave.proto.Finish;
import dev.cleave.proto.StepTimings;
import dev.cleave.proto.Tokens;
import dev.cleave.proto.WorkerMessage;
import dev.cleave.transport.StepFinish;

/** Gathers what a step yields into a message. */
final class TokensAnswer implements StepAnswer {
    private final Tokens.Builder tokens = Tokens.newBuilder();
    private final StepTimings.Builder timings = StepTimings.newBuilder();

    TokensAnswer(int epoch, PendingStep step, long startedNanos) {
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

    byte[] message(PendingStep step) {
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
