package dev.cleave.transport.device;

import com.google.protobuf.ByteString;
import dev.cleave.proto.CancelSession;
import dev.cleave.proto.CloseSession;
import dev.cleave.proto.DeviceMessage;
import dev.cleave.proto.SessionError;
import dev.cleave.proto.SessionOpened;
import dev.cleave.proto.Tokens;
import dev.cleave.transport.SessionLimits;
import dev.cleave.transport.SessionRequest;
import dev.cleave.transport.Step;
import dev.cleave.transport.TransportException;
import dev.cleave.transport.TransportException.Reason;
import dev.cleave.transport.internal.MqttLink;
import dev.cleave.transport.internal.Protocol;
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
    private final ByteString nonce;
    private final SessionLimits limits;
    private final String topic;
    private final BlockingQueue<Arrival> arrivals = new ArrayBlockingQueue<>(4 * Protocol.MAX_WINDOW);
    private final MqttReply reply = new MqttReply();

    private final StepSender sender;
    private final long[] sentNanos;

    /** Answers that a step may have: more are the worker's fault. */
    private final int[] mostIds;

    private volatile TransportException failure;
    private volatile boolean closed;
    private int sent;
    private int received;

    /**
     * Creates the session that a worker has opened.
     *
     * @param request with the epoch under which it was opened
     * @param openingBytes of the message that asked for it
     */
    MqttDeviceSession(
            MqttDeviceLink owner, MqttLink link, SessionRequest request, SessionOpened opened, int openingBytes) {
        this.owner = owner;
        this.link = link;
        this.request = request;
        this.worker = opened.getWorker();
        this.nonce = opened.getNonce();
        this.topic = Protocol.workerTopic(worker, request.device(), request.session());
        this.limits = limits(opened.getLimits(), request.shape().split() == 0);
        this.sender = new StepSender(link, topic, request.epoch(), limits, openingBytes);
        this.sentNanos = new long[limits.window()];
        this.mostIds = new int[limits.window()];
    }

    /** Takes what worker and broker both allow. */
    private SessionLimits limits(dev.cleave.proto.SessionLimits worker, boolean ids) {
        int tokens = Math.max(1, worker.getMaxTokensPerStep());
        int most = Math.max(1, StepSender.maxPayload(link.limits(), topic));
        return new SessionLimits(
                worker.getMaxLength(),
                ids ? Math.max(1, Math.min(tokens, StepSender.maxIds(link.limits(), topic))) : tokens,
                worker.getMaxPayload() < 1 ? most : Math.min(worker.getMaxPayload(), most),
                Math.max(1, Math.min(Protocol.MAX_WINDOW, worker.getWindow())),
                worker.getIdleMs());
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
    public void send(Step step) {
        requireOpen();
        if (underWay() >= limits.window()) {
            throw new IllegalStateException(
                    underWay() + " steps are under way and the window is " + limits.window() + "; receive first");
        }
        int slot = sent % sentNanos.length;
        mostIds[slot] = step.sampled();
        sentNanos[slot] = System.nanoTime();
        sender.send(sent + 1, step);
        sent++;
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
                    throw fail(sender.silent(worker, received + 1, limit));
                }
                if (arrival == END) {
                    throw failure;
                }
                // A repeat of an earlier answer counts once.
                if (arrival.tokens.getSeq() == received + 1) {
                    int slot = received % sentNanos.length;
                    requireSound(arrival.tokens, mostIds[slot]);
                    long roundTrip = arrival.nanos - sentNanos[slot];
                    received++;
                    sender.answered(received);
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
        // Also where the session failed: after a gap or a silence the worker keeps it.
        if (link.connected()) {
            try {
                link.deliver(
                        topic,
                        closing(request.epoch(), nonce),
                        false,
                        owner.timeouts().close());
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
        // Epoch 0: the worker could not read what it answers.
        boolean mine = error.getEpoch() == request.epoch()
                && (error.getNonce().isEmpty() || error.getNonce().equals(nonce));
        if (mine || error.getEpoch() == 0) {
            fail(sender.failed(worker, error));
        }
    }

    /** Returns the message that closes the session of exactly one opening. */
    static byte[] closing(int epoch, ByteString nonce) {
        return DeviceMessage.newBuilder()
                .setClose(CloseSession.newBuilder().setEpoch(epoch).setNonce(nonce))
                .build()
                .toByteArray();
    }

    /** Returns whether it is the session that an answer opens. */
    boolean openedBy(SessionOpened opened) {
        return worker.equals(opened.getWorker())
                && request.epoch() == opened.getEpoch()
                && nonce.equals(opened.getNonce());
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
