package dev.cleave.transport.device;

import com.google.protobuf.ByteString;
import dev.cleave.proto.ComputeMode;
import dev.cleave.proto.OpenSession;
import dev.cleave.proto.Refused;
import dev.cleave.proto.Sampling;
import dev.cleave.proto.SessionOpened;
import dev.cleave.transport.SessionRequest;
import dev.cleave.transport.TransportException;
import dev.cleave.transport.TransportException.Reason;
import dev.cleave.transport.internal.MqttLink;
import dev.cleave.transport.internal.Protocol;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Opens one session: asks, waits, and asks again with doubling delay where nobody listens yet or a worker is full, until the
 * time limit. Each attempt has an epoch of its own, higher than any before, and a nonce; an answer counts where it means the
 * last attempt.
 */
final class Opening {
    /**
     * Not every broker says that nobody listens: after a silence the same message is sent again. That is the same attempt, which a
     * worker opens once; a slow worker would never be done if each repetition superseded the one before.
     */
    private static final long FIRST_SILENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LOOK_MILLIS = 300;

    private final MqttDeviceLink owner;
    private final MqttLink link;
    private final Workers workers;
    private final BlockingQueue<Object> answers = new ArrayBlockingQueue<>(8);
    private Refused lastRefusal;
    private boolean lookingRound;
    private boolean acknowledged;

    // What is asked now; the connection's thread compares answers with it.
    private SessionRequest request;
    private ByteString nonce;
    private byte[] message;
    private MqttDeviceSession session;
    private boolean over;

    Opening(MqttDeviceLink owner, MqttLink link, SessionRequest request, Workers workers) {
        this.owner = owner;
        this.link = link;
        this.workers = workers;
        this.request = request;
    }

    MqttDeviceSession await() {
        try {
            return ask();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new TransportException(Reason.INTERRUPTED, "interrupted while opening a session", stop);
        } finally {
            if (lookingRound) {
                link.unsubscribeSoon(Protocol.workerPresencePrefix() + "+");
            }
        }
    }

    private MqttDeviceSession ask() throws InterruptedException {
        long start = System.nanoTime();
        long deadline = start + owner.timeouts().open().toNanos();
        Backoff delay = new Backoff();
        long silence = FIRST_SILENCE_NANOS;
        nextAttempt();
        while (true) {
            boolean heard = send(deadline - System.nanoTime());
            long wait = heard ? silence : delay.next();
            Object answer = answers.poll(Math.min(deadline - System.nanoTime(), wait), TimeUnit.NANOSECONDS);
            if (answer instanceof MqttDeviceSession) {
                return (MqttDeviceSession) answer;
            }
            if (answer instanceof TransportException) {
                throw (TransportException) answer;
            }
            if (answer instanceof Refused) {
                lastRefusal = (Refused) answer;
                if (!lastRefusal.getRetry() || !delay.sleep(deadline)) {
                    throw refusal();
                }
                nextAttempt();
                continue;
            }
            if (System.nanoTime() >= deadline) {
                throw lastRefusal != null ? refusal() : nobody();
            }
            if (wrongModel(start)) {
                throw nobody();
            }
            if (heard) {
                silence *= 2;
            } else {
                nextAttempt();
            }
        }
    }

    private synchronized void nextAttempt() {
        if (session != null) {
            // The answer came after all, and waits in the queue.
            return;
        }
        byte[] random = new byte[8];
        ByteBuffer.wrap(random).putLong(ThreadLocalRandom.current().nextLong());
        nonce = ByteString.copyFrom(random);
        request = request.withEpoch(owner.nextEpoch(request.epoch()));
        SessionRequest.Shape shape = request.shape();
        message = OpenSession.newBuilder()
                .setProtocolVersion(Protocol.VERSION)
                .setDevice(request.device())
                .setSession(request.session())
                .setEpoch(request.epoch())
                .setModelHash(request.modelHash())
                .setSplit(shape.split())
                .setFrontBits(shape.frontBits())
                .setBackBits(shape.backBits())
                .setMode(shape.exact() ? ComputeMode.EXACT : ComputeMode.FAST)
                .setQuality(shape.quality())
                .setCalibration(shape.calibration())
                .setMaxLength(shape.maxLength())
                .setSampling(Sampling.newBuilder()
                        .setTemperature(request.sampling().temperature())
                        .setTopK(request.sampling().topK())
                        .setTopP(request.sampling().topP())
                        .setSeed(request.sampling().seed()))
                .addAllStopIds(request.stopIds())
                .setNonce(nonce)
                .build()
                .toByteArray();
    }

    /**
     * Returns whether somebody listens, as far as the broker says. One that took an earlier message is not lost because it does not
     * acknowledge this one in the moment that is left.
     */
    private boolean send(long leftNanos) {
        long deadline = System.nanoTime() + leftNanos;
        try {
            int code = link.deliver(
                    Protocol.openTopic(request.modelHash(), request.device()),
                    message,
                    false,
                    Duration.ofNanos(Math.max(0, leftNanos)));
            acknowledged = true;
            return code != MqttLink.NO_SUBSCRIBERS;
        } catch (TransportException late) {
            if (acknowledged && link.connected() && System.nanoTime() - deadline >= 0) {
                return true;
            }
            throw late;
        }
    }

    /** Whether workers are there, all with another model, and none has joined them for a while: waiting will not help. */
    private boolean wrongModel(long start) {
        lookRound();
        return System.nanoTime() - start > PATIENCE_NANOS && workers.onlyOthersThan(request.modelHash());
    }

    /** Asks who is there; what is retained follows at once. */
    private void lookRound() {
        if (!lookingRound) {
            lookingRound = true;
            link.subscribeSoon(Protocol.workerPresencePrefix() + "+");
        }
    }

    /**
     * Takes an answer, on the connection's thread; returns whether it was waited for. The session is among those that are served
     * from here on, so that its end is heard whenever it comes.
     */
    synchronized boolean opened(SessionOpened opened) {
        if (over || session != null || !meant(opened.getEpoch(), opened.getNonce())) {
            return false;
        }
        if (!Protocol.isPartyName(opened.getWorker())) {
            fail(new TransportException(Reason.PROTOCOL, "a worker answered without a usable name", null));
            return true;
        }
        session = owner.serve(new MqttDeviceSession(owner, link, request, opened, message.length));
        // Asked for here, so that a worker's end is known before the first step.
        link.subscribeSoon(Protocol.workerPresence(opened.getWorker()));
        answers.offer(session);
        return true;
    }

    /** Takes a refusal, on the connection's thread. */
    synchronized void refused(Refused refused) {
        if (session == null && meant(refused.getEpoch(), refused.getNonce())) {
            answers.offer(refused);
        }
    }

    private boolean meant(int epoch, ByteString answered) {
        return epoch == request.epoch() && answered.equals(nonce);
    }

    void fail(TransportException failure) {
        answers.offer(failure);
    }

    /** Takes no more answers; returns a session that came too late to be waited for, or null. */
    synchronized MqttDeviceSession end() {
        over = true;
        return session;
    }

    private TransportException refusal() {
        return new TransportException(
                Reason.REFUSED,
                lastRefusal.getCode(),
                "the worker refused the session: " + lastRefusal.getMessage() + " (" + lastRefusal.getCode() + ")",
                null);
    }

    private TransportException nobody() throws InterruptedException {
        if (!lookingRound) {
            lookRound();
            Thread.sleep(LOOK_MILLIS);
        }
        boolean others = workers.onlyOthersThan(request.modelHash());
        return new TransportException(
                Reason.NO_WORKER,
                others ? "MODEL" : "",
                "no worker for model " + Protocol.modelKey(request.modelHash())
                        + (others
                                ? " is there"
                                : " answered within " + owner.timeouts().open().toMillis() + " ms")
                        + " at " + owner.broker() + ": "
                        + workers.describe()
                        + (others ? "; prepare the same checkpoint on both sides" : ""),
                null);
    }
}
