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
 * time limit.
 */
final class Opening {
    /** Not every broker says that nobody listens: after a silence the question is asked again, and means the same. */
    private static final long FIRST_SILENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LOOK_MILLIS = 300;

    private final MqttDeviceLink owner;
    private final MqttLink link;
    private final SessionRequest request;
    private final Workers workers;
    private final BlockingQueue<Object> answers = new ArrayBlockingQueue<>(8);
    private final ByteString nonce;
    private Refused lastRefusal;
    private boolean lookingRound;

    Opening(MqttDeviceLink owner, MqttLink link, SessionRequest request, Workers workers) {
        this.owner = owner;
        this.link = link;
        this.request = request;
        this.workers = workers;
        byte[] random = new byte[8];
        ByteBuffer.wrap(random).putLong(ThreadLocalRandom.current().nextLong());
        this.nonce = ByteString.copyFrom(random);
    }

    MqttDeviceSession await() {
        long start = System.nanoTime();
        long deadline = start + owner.timeouts().open().toNanos();
        Backoff delay = new Backoff();
        long silence = FIRST_SILENCE_NANOS;
        try {
            while (true) {
                boolean heard = ask(deadline - System.nanoTime());
                long wait = heard ? silence : delay.next();
                Object answer = answers.poll(Math.min(deadline - System.nanoTime(), wait), TimeUnit.NANOSECONDS);
                if (answer instanceof SessionOpened) {
                    return owner.serve(new MqttDeviceSession(owner, link, request, (SessionOpened) answer));
                }
                if (answer instanceof TransportException) {
                    throw (TransportException) answer;
                }
                if (answer instanceof Refused) {
                    lastRefusal = (Refused) answer;
                    if (!lastRefusal.getRetry() || !delay.sleep(deadline)) {
                        throw refusal();
                    }
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
                }
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new TransportException(Reason.INTERRUPTED, "interrupted while opening a session", stop);
        } finally {
            if (lookingRound) {
                link.unsubscribeSoon(Protocol.workerPresencePrefix() + "+");
            }
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

    /** Returns whether somebody listens, as far as the broker says. */
    private boolean ask(long leftNanos) {
        SessionRequest.Shape shape = request.shape();
        OpenSession open = OpenSession.newBuilder()
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
                .build();
        int code = link.deliver(
                Protocol.openTopic(request.modelHash(), request.device()),
                open.toByteArray(),
                false,
                Duration.ofNanos(Math.max(0, leftNanos)));
        return code != MqttLink.NO_SUBSCRIBERS;
    }

    /** Takes an answer, on the connection's thread; returns whether it was waited for. */
    boolean opened(SessionOpened opened) {
        if (!opened.getNonce().equals(nonce) || opened.getEpoch() != request.epoch()) {
            return false;
        }
        if (!Protocol.isPartyName(opened.getWorker())) {
            fail(new TransportException(Reason.PROTOCOL, "a worker answered without a usable name", null));
            return true;
        }
        // Asked for here, so that a worker's end is known before the first step.
        link.subscribeSoon(Protocol.workerPresence(opened.getWorker()));
        return answers.offer(opened);
    }

    void refused(Refused refused) {
        if (refused.getNonce().equals(nonce) && refused.getEpoch() == request.epoch()) {
            answers.offer(refused);
        }
    }

    void fail(TransportException failure) {
        answers.offer(failure);
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
