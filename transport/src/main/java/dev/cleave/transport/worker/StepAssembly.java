package dev.cleave.transport.worker;

import dev.cleave.transport.SessionErrorCode;
import dev.cleave.transport.SessionLimits;
import dev.cleave.transport.internal.StepReader;
import java.io.IOException;

/** Puts a session's chunks together to steps, each counted once, and checks what they say. Its session locks. */
final class StepAssembly {
    /** Bytes of a message besides frame and ids: a device's own fields take fewer than a hundred. */
    private static final int FIELDS = 1024;

    private static final int ID_BYTES = 10;

    private final int epoch;
    private final SessionLimits limits;
    private final int maxStepBytes;
    private final StepReader reader;
    private PendingStep gathering;
    private int nextSeq = 1;

    StepAssembly(int epoch, SessionLimits limits, int maxStepBytes) {
        this.epoch = epoch;
        this.limits = limits;
        this.maxStepBytes = maxStepBytes;
        this.reader = new StepReader(limits.maxTokensPerStep());
    }

    /** Reads a chunk of this epoch. */
    void read(byte[] bytes, int offset, int length) {
        IOException malformed = null;
        try {
            reader.read(bytes, offset, length);
        } catch (IOException fault) {
            malformed = fault;
        }
        if (reader.epoch() != epoch) {
            throw new SessionFailure(
                    SessionErrorCode.UNKNOWN_SESSION,
                    "epoch " + reader.epoch() + " is not open here, " + epoch + " is");
        }
        if (malformed != null) {
            throw new SessionFailure(
                    SessionErrorCode.BAD_FRAME,
                    "a step of " + length + " bytes is malformed: " + malformed.getMessage());
        }
    }

    /** Returns the epoch of the chunk that was read last. */
    int epoch() {
        return reader.epoch();
    }

    /** Returns its step's number. */
    int seq() {
        return reader.seq();
    }

    /** Returns the number of the step that is to come. */
    int nextSeq() {
        return nextSeq;
    }

    /** Returns whether it belongs to a step that was complete before. */
    boolean repeats() {
        return reader.seq() < nextSeq;
    }

    /** Returns whether it is the last of its step. */
    boolean whole() {
        return reader.chunk() == reader.chunks() - 1;
    }

    /** Whether this chunk is the one to come, or the first again: a device that was told of a gap starts the step over. */
    boolean follows() {
        return reader.seq() == nextSeq
                && (reader.chunk() == 0 || gathering != null && reader.chunk() == gathering.gathered());
    }

    SessionFailure gap() {
        String missing = gathering == null ? "" : " from chunk " + gathering.gathered() + " on";
        gathering = null;
        return new SessionFailure(
                SessionErrorCode.GAP,
                "chunk " + reader.chunk() + " of step " + reader.seq() + " came, step " + nextSeq + missing
                        + " is missing");
    }

    /**
     * Adds the chunk to its step.
     *
     * @param bytes the message that holds it
     * @param underWay complete steps that are not answered yet
     * @return the step where it is complete, else null
     */
    PendingStep gather(byte[] bytes, int underWay) {
        if (reader.chunk() == 0) {
            check(underWay);
            gathering = new PendingStep(reader);
        }
        // The message is kept as it is: it must not bring along what nobody asked for.
        int room = FIELDS + ID_BYTES * limits.maxTokensPerStep();
        if (bytes.length - reader.payloadLength() > room) {
            throw new SessionFailure(
                    SessionErrorCode.BAD_FRAME,
                    "a message of " + bytes.length + " bytes holds a frame of " + reader.payloadLength() + "; at most "
                            + room + " bytes besides are allowed");
        }
        gathering.add(reader, bytes, maxStepBytes);
        if (!gathering.complete()) {
            return null;
        }
        PendingStep step = gathering;
        gathering = null;
        nextSeq++;
        return step;
    }

    /** Forgets what is incomplete. */
    void clear() {
        gathering = null;
    }

    private void check(int underWay) {
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
        if (underWay >= limits.window()) {
            throw new SessionFailure(
                    SessionErrorCode.WINDOW, underWay + " steps are under way; the window is " + limits.window());
        }
    }

    private static SessionFailure outOfRange(String message) {
        return new SessionFailure(SessionErrorCode.OUT_OF_RANGE, message);
    }
}
