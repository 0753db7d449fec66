package dev.cleave.transport.worker;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.cleave.proto.OpenSession;
import dev.cleave.proto.Presence;
import dev.cleave.proto.Refused;
import dev.cleave.proto.SessionError;
import dev.cleave.proto.SessionOpened;
import dev.cleave.proto.WorkerMessage;
import dev.cleave.transport.RefusalCode;
import dev.cleave.transport.SessionErrorCode;
import dev.cleave.transport.SessionLimits;
import dev.cleave.transport.SessionRequest;
import dev.cleave.transport.internal.Protocol;

/** Builds what a worker says, and checks what a device asks. */
final class WorkerMessages {
    private static final int MOST_STOP_IDS = 64;
    private static final int HASH_CHARACTERS = 64;
    private static final int MOST_QUALITY_CHARACTERS = 32;

    private WorkerMessages() {}

    /**
     * Reads an opening.
     *
     * @throws SessionRefusal where this worker cannot be meant, or something is outside its range
     */
    static SessionRequest request(OpenSession open, WorkerOptions options) {
        if (open.getProtocolVersion() != Protocol.VERSION) {
            throw new SessionRefusal(
                    RefusalCode.VERSION,
                    "the device speaks protocol " + open.getProtocolVersion() + ", this worker " + Protocol.VERSION
                            + "; update the older one",
                    false);
        }
        if (!open.getModelHash().equals(options.modelHash())) {
            throw new SessionRefusal(
                    RefusalCode.MODEL,
                    "this worker serves model " + options.modelHash() + ", the device has "
                            + (Protocol.isModelHash(open.getModelHash()) ? open.getModelHash() : "an unreadable hash")
                            + "; prepare the same checkpoint on both sides",
                    false);
        }
        if (open.getStopIdsCount() > MOST_STOP_IDS
                || open.getQuality().length() > MOST_QUALITY_CHARACTERS
                || open.getCalibration().length() > HASH_CHARACTERS
                || open.getNonce().size() > 16) {
            throw new SessionRefusal(
                    RefusalCode.UNSUPPORTED,
                    "at most " + MOST_STOP_IDS + " stop ids, " + MOST_QUALITY_CHARACTERS
                            + " characters of codec level, " + HASH_CHARACTERS
                            + " of a calibration's hash and 16 bytes of nonce",
                    false);
        }
        return new SessionRequest(
                open.getDevice(),
                open.getSession(),
                open.getEpoch(),
                open.getModelHash(),
                new SessionRequest.Shape(
                        open.getSplit(),
                        open.getFrontBits(),
                        open.getBackBits(),
                        open.getMode() == dev.cleave.proto.ComputeMode.EXACT,
                        open.getQuality(),
                        open.getMaxLength(),
                        open.getCalibration()),
                new SessionRequest.SamplingRequest(
                        open.getSampling().getTemperature(),
                        open.getSampling().getTopK(),
                        open.getSampling().getTopP(),
                        open.getSampling().getSeed()),
                open.getStopIdsList());
    }

    static byte[] opened(OpenSession open, String worker, SessionLimits limits) {
        return WorkerMessage.newBuilder()
                .setOpened(SessionOpened.newBuilder()
                        .setWorker(worker)
                        .setEpoch(open.getEpoch())
                        .setNonce(open.getNonce())
                        .setLimits(dev.cleave.proto.SessionLimits.newBuilder()
                                .setMaxLength(limits.maxLength())
                                .setMaxTokensPerStep(limits.maxTokensPerStep())
                                .setMaxPayload(limits.maxPayload())
                                .setWindow(limits.window())
                                .setIdleMs(limits.idleMillis())))
                .build()
                .toByteArray();
    }

    static byte[] refused(OpenSession open, SessionRefusal refusal) {
        return WorkerMessage.newBuilder()
                .setRefused(Refused.newBuilder()
                        .setEpoch(open.getEpoch())
                        .setNonce(open.getNonce())
                        .setCode(refusal.code().name())
                        .setMessage(refusal.getMessage())
                        .setRetry(refusal.retry())
                        .setRetryAfterMs(refusal.retryAfterMillis()))
                .build()
                .toByteArray();
    }

    /**
     * Builds an error.
     *
     * @param epoch of the message that it answers, or of the session where it answers none
     * @param nonce of the opening whose session it means; empty where that is not known
     */
    static byte[] error(int epoch, ByteString nonce, int seq, SessionErrorCode code, String message, int expectedSeq) {
        return WorkerMessage.newBuilder()
                .setError(SessionError.newBuilder()
                        .setEpoch(epoch)
                        .setNonce(nonce)
                        .setSeq(seq)
                        .setCode(code.name())
                        .setMessage(message)
                        .setExpectedSeq(expectedSeq))
                .build()
                .toByteArray();
    }

    /** Returns a message of at most {@code most} bytes where cutting its text makes it so; others as they are. */
    static byte[] within(byte[] message, int most) {
        if (message.length <= most) {
            return message;
        }
        try {
            WorkerMessage.Builder shorter = WorkerMessage.parseFrom(message).toBuilder();
            int excess = message.length - most;
            if (shorter.hasRefused()) {
                shorter.setRefused(shorter.getRefused().toBuilder()
                        .setMessage(cut(shorter.getRefused().getMessage(), excess)));
            } else if (shorter.hasError()) {
                shorter.setError(shorter.getError().toBuilder()
                        .setMessage(cut(shorter.getError().getMessage(), excess)));
            }
            return shorter.build().toByteArray();
        } catch (InvalidProtocolBufferException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** A character has at least one byte. */
    private static String cut(String text, int characters) {
        return text.substring(0, Math.max(0, text.length() - characters));
    }

    static byte[] presence(Presence.State state, WorkerOptions options, int sessions) {
        return Presence.newBuilder()
                .setState(state)
                .setProtocolVersion(Protocol.VERSION)
                .setSessions(sessions)
                .setModelHash(options.modelHash())
                .build()
                .toByteArray();
    }
}
