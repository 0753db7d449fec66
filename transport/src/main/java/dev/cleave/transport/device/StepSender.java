package dev.cleave.transport.device;

import dev.cleave.proto.SessionError;
import dev.cleave.transport.SessionErrorCode;
import dev.cleave.transport.SessionLimits;
import dev.cleave.transport.Step;
import dev.cleave.transport.TransportException;
import dev.cleave.transport.TransportException.Reason;
import dev.cleave.transport.internal.BrokerLimits;
import dev.cleave.transport.internal.MqttLink;
import dev.cleave.transport.internal.Protocol;
import dev.cleave.transport.internal.StepWriter;

/**
 * Sends the steps of a session in messages that worker and broker take, and knows of each that is under way how long it was: a
 * broker that drops long messages does so without a word.
 */
final class StepSender {
    /** Of a message besides its payload. */
    private static final int AROUND_PAYLOAD = StepWriter.size(Protocol.MAX_PAYLOAD, null) - Protocol.MAX_PAYLOAD;

    private static final int MOST_ID_BYTES = 5;

    private final MqttLink link;
    private final String topic;
    private final int epoch;
    private final int maxPayload;

    /** One message for each step that may be under way: Paho sends later, from another thread. */
    private final byte[][] messages;

    private final Sent[] steps;
    private int largestArrived;

    /** What a step took: bytes of its payload, its messages, bytes of the longest. */
    private static final class Sent {
        private int bytes;
        private int count;
        private int longest;
    }

    /**
     * Prepares.
     *
     * @param limits of the session, already within those of the broker
     * @param opening bytes of the message that opened the session, and so is known to have arrived
     */
    StepSender(MqttLink link, String topic, int epoch, SessionLimits limits, int opening) {
        this.link = link;
        this.topic = topic;
        this.epoch = epoch;
        this.maxPayload = limits.maxPayload();
        this.messages = new byte[limits.window()][];
        this.steps = new Sent[limits.window()];
        for (int slot = 0; slot < steps.length; slot++) {
            steps[slot] = new Sent();
        }
        this.largestArrived = opening;
    }

    /** Returns bytes of the largest chunk that the broker takes; below 1 where it takes none. */
    static int maxPayload(BrokerLimits broker, String topic) {
        return Math.min(Protocol.MAX_PAYLOAD, broker.maxPayload(topic) - AROUND_PAYLOAD);
    }

    /** Returns the greatest number of ids in one message that the broker takes. */
    static int maxIds(BrokerLimits broker, String topic) {
        return (broker.maxPayload(topic) - AROUND_PAYLOAD) / MOST_ID_BYTES;
    }

    /** Sends a step. */
    void send(int seq, Step step) {
        if (step.content() instanceof Step.Frame) {
            frame(seq, step, (Step.Frame) step.content());
        } else {
            ids(seq, step, (Step.Ids) step.content());
        }
    }

    /** Sends a frame in as many chunks as it needs; forced ids are in the first. */
    private void frame(int seq, Step step, Step.Frame frame) {
        Step.Forced forced = step.forced();
        int length = frame.length();
        int first = forced == null
                ? maxPayload
                : Math.max(1, maxPayload - (StepWriter.size(0, forced) - StepWriter.size(0, null)));
        int chunks = 1 + Math.max(0, (length - first + maxPayload - 1) / maxPayload);
        int slot = slot(seq);
        int from = 0;
        for (int index = 0; index < chunks; index++) {
            int bytes = Math.min(index == 0 ? first : maxPayload, length - from);
            Step.Forced ids = index == 0 ? forced : null;
            byte[] message = message(slot, chunks == 1, StepWriter.size(bytes, ids));
            StepWriter.write(
                    message, chunk(seq, step, index, chunks), ids, frame.bytes(), frame.offset() + from, bytes);
            note(slot, index, message.length, length);
            link.send(topic, message);
            from += bytes;
        }
    }

    private void ids(int seq, Step step, Step.Ids ids) {
        int slot = slot(seq);
        byte[] message = message(slot, true, StepWriter.size(ids, step.rows(), step.forced()));
        StepWriter.write(message, chunk(seq, step, 0, 1), ids, step.forced());
        note(slot, 0, message.length, message.length);
        link.send(topic, message);
    }

    private StepWriter.Chunk chunk(int seq, Step step, int index, int chunks) {
        return new StepWriter.Chunk(
                epoch,
                seq,
                step.position(),
                step.rows(),
                index,
                chunks,
                step.sample().ordinal());
    }

    private int slot(int seq) {
        return (seq - 1) % steps.length;
    }

    /** A step of one chunk uses its slot's array again where it fits; that one was sent, for its answer is here. */
    private byte[] message(int slot, boolean only, int size) {
        if (!only) {
            return new byte[size];
        }
        if (messages[slot] == null || messages[slot].length != size) {
            messages[slot] = new byte[size];
        }
        return messages[slot];
    }

    private synchronized void note(int slot, int index, int message, int bytes) {
        Sent sent = steps[slot];
        sent.bytes = bytes;
        sent.count = index + 1;
        sent.longest = index == 0 ? message : Math.max(sent.longest, message);
    }

    /** Takes note of an answer: messages of that length arrive. */
    synchronized void answered(int seq) {
        largestArrived = Math.max(largestArrived, steps[slot(seq)].longest);
    }

    /** Returns what may have become of a step that is not answered, or an empty string where its length cannot be why. */
    private synchronized String lost(int seq) {
        Sent sent = steps[slot(seq)];
        return sent.longest <= largestArrived
                ? ""
                : "step " + seq + " of " + sent.bytes + " bytes, in " + sent.count
                        + (sent.count == 1 ? " message of " : " messages of up to ") + sent.longest
                        + " bytes, did not arrive; the broker may have a limit and drop longer messages (Mosquitto:"
                        + " message_size_limit)";
    }

    /** Says that nothing came. */
    TransportException silent(String worker, int seq, long limitMillis) {
        String lost = lost(seq);
        return new TransportException(
                Reason.WORKER_LOST,
                TransportException.SILENT,
                "worker " + worker + " did not answer step " + seq + " within " + limitMillis
                        + " ms; it may be dead or overloaded" + (lost.isEmpty() ? "" : ", or " + lost),
                null);
    }

    /** Says what a worker's error means. */
    TransportException failed(String worker, SessionError error) {
        boolean gap = error.getCode().equals(SessionErrorCode.GAP.name()) && error.getExpectedSeq() > 0;
        String lost = gap ? lost(error.getExpectedSeq()) : "";
        return new TransportException(
                Reason.SESSION_FAILED,
                error.getCode(),
                "worker " + worker + " ended the session: " + error.getMessage() + (lost.isEmpty() ? "" : "; " + lost)
                        + " (" + error.getCode() + ")",
                null);
    }
}
