package dev.cleave.transport.device;

import dev.cleave.proto.Tokens;
import dev.cleave.transport.StepFinish;

/** The answer that {@link MqttDeviceSession#receive()} hands out, again and again. */
final class MqttReply implements StepReply {
    private Tokens tokens = Tokens.getDefaultInstance();
    private long roundTripNanos;

    MqttReply set(Tokens tokens, long roundTripNanos) {
        this.tokens = tokens;
        this.roundTripNanos = roundTripNanos;
        return this;
    }

    @Override
    public int count() {
        return tokens.getIdsCount();
    }

    @Override
    public int id(int index) {
        return tokens.getIds(index);
    }

    @Override
    public float logProbability(int index) {
        return tokens.getLogprobs(index);
    }

    @Override
    public StepFinish finish() {
        switch (tokens.getFinish()) {
            case STOP:
                return StepFinish.STOP;
            case LENGTH:
                return StepFinish.LENGTH;
            case CANCELLED:
                return StepFinish.CANCELLED;
            default:
                return StepFinish.RUNNING;
        }
    }

    @Override
    public long roundTripNanos() {
        return roundTripNanos;
    }

    @Override
    public int heldMicros() {
        return tokens.getTimings().getHeldUs();
    }

    @Override
    public int decodeMicros() {
        return tokens.getTimings().getDecodeUs();
    }

    @Override
    public int computeMicros() {
        return tokens.getTimings().getComputeUs();
    }

    @Override
    public int sampleMicros() {
        return tokens.getTimings().getSampleUs();
    }

    @Override
    public int queueMicros() {
        return tokens.getTimings().getQueueUs();
    }
}
