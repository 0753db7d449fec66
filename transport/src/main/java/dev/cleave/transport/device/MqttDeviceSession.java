package dev.cleave.transport.device;

import dev.cleave.proto.CancelSession;
import dev.cleave.proto.CloseSession;
import dev.cleave.proto.DeviceMessage;
import dev.cleave.proto.SessionError;
import dev.cleave.proto.SessionOpened;
import dev.cleave.proto.Tokens;
import dev.cleave.transport.SessionLimits;
import dev.cleave.transport.SessionRequest;
import dev.cleave.transport.StepSample;
import dev.cleave.transport.TransportException;
import dev.cleave.transport.TransportException.Reason;
import dev.cleave.transport.internal.MqttLink;
import dev.cleave.transport.internal.Protocol;
import dev.cleave.transport.internal.StepWriter;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** A session over one connection. What the connection's thread hears comes by a bounded queue. */
final class MqttDeviceSession implements DeviceSession {
    /** An answer, or the end: whichever comes last on the queue. */
    private record Arrival(Tokens tokens, long nanos) {}

    private static final Arrival END = new Arrival(null, 0);

    private final MqttDeviceLink owner;
    private final MqttLink link;
    private final SessionRequest request;
    private final String worker;
    private final SessionLimits limits;
    private final String topic;
    private final BlockingQueue<Arrival> arrivals = new ArrayBlockingQueue<>(4 * Protocol.MAX_WINDOW);
    private final MqttReply reply = new MqttReply();

    /** One message and one sending time for each step that may be under way: Paho sends later, from another thread. */
    private final byte[][] messages;

    private final long[] sentNanos;

    /** Answers that a step may have: more are the worker's fault. */
    private final int[] mostIds;

    private volatile TransportException failure;
    private volatile boolean closed;
    private int sent;
    private int received;

    MqttDeviceSession(MqttDeviceLink owner, MqttLink link, SessionRequest request, SessionOpened opened) {
        this.owner = owner;
        this.link = link;
        this.request = request;
        this.worker = opened.getWorker();
        int window =
                Math.max(1, Math.min(Protocol.MAX_WINDOW, opened.getLimits().getWindow()));
        int maxPayload = opened.getLimits().getMaxPayload();
        this.limits = new SessionLimits(
                opened.getLimits().getMaxLength(),
                Math.max(1, opened.getLimits().getMaxTokensPerStep()),
                maxPayload < 1 || maxPayload > Protocol.MAX_PAYLOAD ? Protocol.MAX_PAYLOAD : maxPayload,
                window,
                opened.getLimits().getIdleMs());
        this.topic = Protocol.workerTopic(worker, request.device(), request.session());
        this.messages = new byte[window][];
        this.sentNanos = new long[window];
        this.mostIds = new int[window];
    }

    @Override
    public String worker() {
        return worker;
    }

    @Override
    public SessionLimits limits() {
        return limits;
    }

    @Override
    public int underWay() {
        return sent - received;
    }

    @Override
    public void send(int position, int tokens, StepSample sample, byte[] frame, int offset, int length) {
        int slot = begin(tokens, sample);
        int seq = sent + 1;
        int chunks = Math.max(1, (length + limits.maxPayload() - 1) / limits.maxPayload());
        for (int index = 0; index < chunks; index++) {
            int from = index * limits.maxPayload();
            int bytes = Math.min(limits.maxPayload(), length - from);
            int size = StepWriter.size(bytes);
            // A step of one chunk uses its slot's array again; it was sent, for its answer is here.
            byte[] message = chunks == 1 && messages[slot] != null && messages[slot].length == size
                    ? messages[slot]
                    : new byte[size];
            StepWriter.write(
                    message,
                    new StepWriter.Chunk(request.epoch(), seq, position, tokens, index, chunks, sample.ordinal()),
                    frame,
                    offset + from,
                    bytes);
            if (chunks == 1) {
                messages[slot] = message;
            }
            link.send(topic, message);
        }
        sent = seq;
    }

    @Override
    public void sendScored(int position, int tokens, int[] next, int from, byte[] frame, int length) {
        if (length > limits.maxPayload()) {
            throw new IllegalArgumentException("a frame of " + length + " bytes, above the " + limits.maxPayload()
                    + " of one chunk; score fewer tokens at once");
        }
        StepSample sample = tokens == 1 ? StepSample.LAST : StepSample.ALL;
        begin(tokens, sample);
        StepWriter.Scored scored = new StepWriter.Scored(next, from, Math.min(tokens, next.length - from));
        byte[] message = new byte[StepWriter.size(length, scored)];
        StepWriter.write(message, whole(position, tokens, sample), scored, frame, 0, length);
        sendWhole(message);
    }

    @Override
    public void sendIds(int position, int[] ids, int from, int tokens, StepSample sample) {
        begin(tokens, sample);
        byte[] message = new byte[StepWriter.size(ids, from, tokens)];
        StepWriter.write(message, whole(position, tokens, sample), ids, from, tokens);
        sendWhole(message);
    }

    /** Returns the only chunk of the next step. */
    private StepWriter.Chunk whole(int position, int tokens, StepSample sample) {
        return new StepWriter.Chunk(request.epoch(), sent + 1, position, tokens, 0, 1, sample.ordinal());
    }

    private void sendWhole(byte[] message) {
        link.send(topic, message);
        sent++;
    }

    private int begin(int tokens, StepSample sample) {
        requireOpen();
        if (underWay() >= limits.window()) {
            throw new IllegalStateException(
                    underWay() + " steps are under way and the window is " + limits.window() + "; receive first");
        }
        int slot = sent % messages.length;
        mostIds[slot] = sample == StepSample.NONE ? 0 : sample == StepSample.LAST ? 1 : tokens;
        sentNanos[slot] = System.nanoTime();
        return slot;
    }

    @Override
    public StepReply receive() {
        if (underWay() == 0) {
            throw new IllegalStateException("no step is under way");
        }
        if (arrivals.isEmpty()) {
            requireOpen();
        }
        long limit = owner.timeouts().step().toMillis();
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limit);
        try {
            while (true) {
                Arrival arrival = arrivals.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (arrival == null) {
                    throw fail(new TransportException(
                            Reason.WORKER_LOST,
                            TransportException.SILENT,
                            "worker " + worker + " did not answer step " + (received + 1) + " within " + limit
                                    + " ms; it may be dead or overloaded",
                            null));
                }
                if (arrival == END) {
                    throw failure;
                }
                // A repeat of an earlier answer counts once.
                if (arrival.tokens.getSeq() == received + 1) {
                    int slot = received % messages.length;
                    requireSound(arrival.tokens, mostIds[slot]);
                    long roundTrip = arrival.nanos - sentNanos[slot];
                    received++;
                    return reply.set(arrival.tokens, roundTrip);
                }
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new TransportException(Reason.INTERRUPTED, "interrupted while waiting for " + worker, stop);
        }
    }

    private void requireSound(Tokens tokens, int most) {
        if (tokens.getIdsCount() > most || tokens.getLogprobsCount() != tokens.getIdsCount()) {
            throw fail(new TransportException(
                    Reason.PROTOCOL,
                    "worker " + worker + " answered step " + tokens.getSeq() + " with " + tokens.getIdsCount()
                            + " ids and " + tokens.getLogprobsCount() + " log-probabilities; at most " + most
                            + " of each were asked for",
                    null));
        }
    }

    @Override
    public void cancel() {
        if (failure == null && !closed) {
            DeviceMessage cancel = DeviceMessage.newBuilder()
                    .setCancel(CancelSession.newBuilder().setEpoch(request.epoch()))
                    .build();
            try {
                link.deliver(
                        topic, cancel.toByteArray(), false, owner.timeouts().close());
            } catch (TransportException gone) {
                // Whoever waits for the answer is told.
                fail(gone);
            }
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        owner.forget(this);
        if (failure == null && link.connected()) {
            DeviceMessage close = DeviceMessage.newBuilder()
                    .setClose(CloseSession.newBuilder().setEpoch(request.epoch()))
                    .build();
            try {
                link.deliver(topic, close.toByteArray(), false, owner.timeouts().close());
            } catch (TransportException gone) {
                // The worker ends an idle session by itself.
                fail(gone);
            }
        }
    }

    SessionRequest request() {
        return request;
    }

    /** Takes an answer, on the connection's thread. */
    void arrived(Tokens tokens, long nanos) {
        if (tokens.getEpoch() != request.epoch() || failure != null) {
            return;
        }
        if (!arrivals.offer(new Arrival(tokens, nanos))) {
            fail(new TransportException(
                    Reason.PROTOCOL, "worker " + worker + " answers more steps than were sent", null));
        }
    }

    /** Takes an error, on the connection's thread. */
    void arrived(SessionError error) {
        // Epoch 0: the worker does not know the session at all.
        if (error.getEpoch() == request.epoch() || error.getEpoch() == 0) {
            fail(new TransportException(
                    Reason.SESSION_FAILED,
                    error.getCode(),
                    "worker " + worker + " ended the session: " + error.getMessage() + " (" + error.getCode() + ")",
                    null));
        }
    }

    /** Ends the session; the first cause stays. */
    synchronized TransportException fail(TransportException cause) {
        if (failure == null) {
            failure = cause;
            while (!arrivals.offer(END)) {
                arrivals.poll();
            }
        }
        return failure;
    }

    private void requireOpen() {
        if (failure != null) {
            throw failure;
        }
        if (closed) {
            throw new IllegalStateException("the session is closed");
        }
    }
}
