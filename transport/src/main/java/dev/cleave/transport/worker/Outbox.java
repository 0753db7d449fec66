package dev.cleave.transport.worker;

import dev.cleave.transport.TransportException;
import dev.cleave.transport.internal.MqttLink;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * What must arrive over one connection, QoS 1: several under way at a time, so that a long round trip costs time and not openings.
 * It has no thread and never waits: whoever posts, or hears an acknowledgement, sends what may leave.
 *
 * <p>First leaves what a worker says at its end, then answers to devices, by turns, then what it says of itself. A newer message to
 * the same place replaces an older that has not left yet. Safe for many threads; no lock is held while a message is sent.
 */
final class Outbox {
    private static final Logger LOG = Logger.getLogger(Outbox.class.getName());

    /** Answers that wait for one device, and for all: at 300 bytes each, 3 MB. */
    static final int MOST_OF_ONE = 256;

    private static final int MOST = 10_000;
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Wire wire;
    private final int mostUnderWay;
    private final Queue<Letter> last = new ArrayDeque<>();
    private final FairQueue<Letter> answers = new FairQueue<>(MOST_OF_ONE, MOST);
    private final Map<String, Letter> own = new LinkedHashMap<>();
    private int underWay;
    private boolean sending;
    private long quietUntil = System.nanoTime();

    /** Where letters go: {@link MqttLink#publish}. */
    interface Wire {
        void publish(String topic, byte[] message, boolean retained, MqttLink.Delivery delivery);
    }

    private record Letter(String topic, byte[] message, boolean retained, MqttLink.Delivery delivery) {}

    /** @param mostUnderWay messages that the broker takes without having acknowledged them, at least 1 */
    Outbox(Wire wire, int mostUnderWay) {
        this.wire = wire;
        this.mostUnderWay = mostUnderWay;
    }

    /**
     * Sends an answer to a device.
     *
     * @param key of what it answers: a newer answer with the same key takes its place
     */
    void answer(String device, String key, String topic, byte[] message) {
        boolean tell = false;
        synchronized (this) {
            long now = System.nanoTime();
            if (!answers.offer(device, key, new Letter(topic, message, false, null)) && now - quietUntil >= 0) {
                // Whoever floods the worker must not flood its log.
                quietUntil = now + QUIET_NANOS;
                tell = true;
            }
        }
        if (tell) {
            LOG.log(
                    Level.WARNING,
                    "answers to device {0} are dropped: {1} of it, or {2} of all, wait for the broker already",
                    new Object[] {device, MOST_OF_ONE, MOST});
        }
        send();
    }

    /** Publishes, retained, what the worker says of itself. */
    void publish(String topic, byte[] message) {
        synchronized (this) {
            own.put(topic, new Letter(topic, message, true, null));
        }
        send();
    }

    /**
     * Publishes, retained, what the worker says of itself, and waits until the broker has it.
     *
     * @throws TransportException where it refuses, or does not answer within the limit
     */
    void deliver(String topic, byte[] message, Duration limit) {
        Waiter waiter = new Waiter();
        synchronized (this) {
            own.put(topic, new Letter(topic, message, true, waiter));
        }
        send();
        waiter.await(topic, limit);
    }

    /** Publishes, retained, the worker's last word on a topic, before all else. */
    void publishLast(String topic, byte[] message) {
        synchronized (this) {
            own.remove(topic);
            last.add(new Letter(topic, message, true, null));
        }
        send();
    }

    /** Waits until all has arrived; returns whether it has. */
    synchronized boolean awaitEmpty(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        try {
            while (underWay > 0 || sending || !last.isEmpty() || answers.size() > 0 || !own.isEmpty()) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
            return true;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Sends what may leave. One thread at a time does, so that messages leave in order. */
    private void send() {
        for (Letter next = begin(); next != null; next = following()) {
            Letter letter = next;
            try {
                wire.publish(letter.topic, letter.message, letter.retained, failure -> arrived(letter, failure));
            } catch (TransportException gone) {
                arrived(letter, gone);
            }
        }
    }

    private synchronized Letter begin() {
        if (sending) {
            return null;
        }
        sending = true;
        return following();
    }

    private synchronized Letter following() {
        Letter next = underWay == mostUnderWay ? null : poll();
        if (next == null) {
            sending = false;
            notifyAll();
        } else {
            underWay++;
        }
        return next;
    }

    private Letter poll() {
        Letter next = last.poll();
        if (next == null) {
            next = answers.poll();
        }
        if (next == null) {
            Iterator<Letter> first = own.values().iterator();
            if (first.hasNext()) {
                next = first.next();
                first.remove();
            }
        }
        return next;
    }

    private void arrived(Letter letter, TransportException failure) {
        synchronized (this) {
            underWay--;
            notifyAll();
        }
        if (failure != null) {
            // A broker that takes short packets only does so for good: nobody else would say why devices hear nothing.
            boolean tooLong = failure.reason() == TransportException.Reason.PACKET_LIMIT;
            LOG.log(
                    tooLong ? Level.WARNING : Level.FINE,
                    letter.topic + " was not told: " + failure.getMessage(),
                    tooLong ? null : failure);
        }
        if (letter.delivery != null) {
            letter.delivery.ended(failure);
        }
        send();
    }
}
