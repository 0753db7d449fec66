package dev.cleave.transport.worker;

import dev.cleave.transport.TransportException;
import dev.cleave.transport.TransportException.Reason;
import dev.cleave.transport.internal.MqttLink;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits for the end of one delivery. */
final class Waiter implements MqttLink.Delivery {
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile TransportException failure;

    @Override
    public void ended(TransportException cause) {
        failure = cause;
        ended.countDown();
    }

    /**
     * Waits.
     *
     * @throws TransportException where the delivery failed, or has not ended within the limit
     */
    void await(String topic, Duration limit) {
        try {
            if (!ended.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new TransportException(
                        Reason.BROKER_LOST,
                        "the broker did not acknowledge " + topic + " within " + limit.toMillis() + " ms",
                        null);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new TransportException(Reason.INTERRUPTED, "interrupted while publishing to " + topic, stop);
        }
        if (failure != null) {
            throw failure;
        }
    }
}
