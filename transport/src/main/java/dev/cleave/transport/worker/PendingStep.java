package dev.cleave.transport.worker;

import dev.cleave.transport.SessionErrorCode;
import dev.cleave.transport.Step;
import dev.cleave.transport.StepSample;
import dev.cleave.transport.internal.StepReader;

/**
 * One step on its way to its turn. A step of one chunk keeps the array that MQTT brought, where the frame lies; one of several
 * gathers them, once, into an array of its own that never outgrows the session's bound.
 */
final class PendingStep implements WorkerStep {
    private static final int[] NONE = new int[0];
    private static final StepSample[] SAMPLES = StepSample.values();

    private final int seq;
    private final int position;
    private final int tokens;
    private final int chunks;
    private final StepSample sample;
    private final int[] ids;
    private final int[] forced;
    private final boolean scored;
    private byte[] frame;
    private int frameOffset;
    private int frameLength;
    private int gathered;
    private Step step;
    private long arrivedNanos;
    private volatile boolean cancelled;

    PendingStep(StepReader chunk) {
        seq = chunk.seq();
        position = chunk.position();
        tokens = chunk.tokens();
        chunks = chunk.chunks();
        sample = SAMPLES[chunk.sample()];
        ids = copy(chunk.ids(), chunk.idCount());
        forced = copy(chunk.forced(), chunk.forcedCount());
        scored = chunk.scored();
    }

    private static int[] copy(int[] values, int count) {
        return count == 0 ? NONE : java.util.Arrays.copyOf(values, count);
    }

    static boolean isSample(int number) {
        return number >= 0 && number < SAMPLES.length;
    }

    /**
     * Takes the next chunk.
     *
     * @param bytes the message that holds it; kept where it is the only one
     * @param most bytes that the whole frame may have
     * @throws SessionFailure where it says otherwise of the step than the first, or the frame outgrows its bound
     */
    void add(StepReader chunk, byte[] bytes, int most) {
        if (chunk.chunks() != chunks || chunk.position() != position || chunk.tokens() != tokens) {
            throw new SessionFailure(
                    SessionErrorCode.BAD_FRAME,
                    "chunk " + chunk.chunk() + " of step " + seq + " says otherwise of it than the first");
        }
        if (chunk.payloadLength() > most - frameLength) {
            throw new SessionFailure(
                    SessionErrorCode.BAD_FRAME,
                    "the frame of step " + seq + " is above the session's " + most + " bytes");
        }
        if (chunks == 1) {
            frame = bytes;
            frameOffset = chunk.payloadOffset();
            frameLength = chunk.payloadLength();
        } else {
            int need = frameLength + chunk.payloadLength();
            if (frame == null || frame.length < need) {
                byte[] larger = new byte[(int) Math.min(most, 2L * need)];
                if (frame != null) {
                    System.arraycopy(frame, 0, larger, 0, frameLength);
                }
                frame = larger;
            }
            System.arraycopy(bytes, chunk.payloadOffset(), frame, frameLength, chunk.payloadLength());
            frameLength = need;
        }
        gathered++;
        if (complete()) {
            step = new Step(
                    position,
                    tokens,
                    sample,
                    ids.length > 0 ? new Step.Ids(ids, 0) : new Step.Frame(frame, frameOffset, frameLength),
                    forced.length > 0 || scored ? new Step.Forced(forced, 0, forced.length, scored) : null);
        }
    }

    int gathered() {
        return gathered;
    }

    boolean complete() {
        return gathered == chunks;
    }

    void arrived(long nanos) {
        arrivedNanos = nanos;
    }

    long arrivedNanos() {
        return arrivedNanos;
    }

    int seq() {
        return seq;
    }

    void cancel() {
        cancelled = true;
    }

    @Override
    public Step step() {
        return step;
    }

    @Override
    public boolean cancelled() {
        return cancelled;
    }
}
