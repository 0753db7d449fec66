package dev.cleave.transport.device;

import dev.cleave.transport.TransportException;
import dev.cleave.transport.TransportException.Reason;
import dev.cleave.transport.internal.Protocol;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Collects the profiles that workers of one model have published. */
final class Profiles {
    /** Which is enough to choose by. */
    private static final int MOST = 64;

    /** A broker sends retained messages one behind the other: how long to wait for another. */
    private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    /**
     * A message that is published while a subscription is being made can fall between the two: too late for what is retained, too
     * early for what is forwarded (Artemis does so). To subscribe again brings what is retained by then.
     */
    private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final String prefix;
    private final Map<String, byte[]> heard = new TreeMap<>();
    private TransportException failure;

    Profiles(String prefix) {
        this.prefix = prefix;
    }

    String filter() {
        return prefix + "+";
    }

    /** Takes a message, on the link's thread; what is none of a worker's profiles is dropped. */
    synchronized void heard(String topic, byte[] payload) {
        if (!topic.startsWith(prefix)) {
            return;
        }
        String worker = topic.substring(prefix.length());
        if (payload.length == 0) {
            heard.remove(worker);
        } else if (Protocol.isPartyName(worker)
                && payload.length <= Protocol.MAX_PAYLOAD
                && (heard.size() < MOST || heard.containsKey(worker))) {
            heard.put(worker, payload);
            notifyAll();
        }
    }

    synchronized void fail(TransportException cause) {
        failure = cause;
        notifyAll();
    }

    /**
     * Waits for the first, and a moment longer for others.
     *
     * @param subscribe asks for what is retained once more, without waiting
     */
    synchronized Map<String, byte[]> await(Duration limit, Runnable subscribe) {
        long end = System.nanoTime() + limit.toNanos();
        try {
            long again = System.nanoTime() + AGAIN_NANOS;
            while (heard.isEmpty() && failure == null && System.nanoTime() < end) {
                if (!waitUntil(Math.min(end, again)) && System.nanoTime() < end) {
                    subscribe.run();
                    again = System.nanoTime() + AGAIN_NANOS;
                }
            }
            long rest = System.nanoTime() + REST_NANOS;
            while (!heard.isEmpty() && failure == null && waitUntil(rest)) {
                continue;
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new TransportException(Reason.INTERRUPTED, "interrupted while waiting for profiles", stop);
        }
        if (failure != null) {
            throw failure;
        }
        return new TreeMap<>(heard);
    }

    /** Waits for whatever comes; returns whether there is time left. */
    private boolean waitUntil(long end) throws InterruptedException {
        long left = end - System.nanoTime();
        if (left <= 0) {
            return false;
        }
        TimeUnit.NANOSECONDS.timedWait(this, left);
        return true;
    }
}
