package dev.cleave.transport.worker;

import dev.cleave.transport.TransportException;
import dev.cleave.transport.internal.MqttLink;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Sends what must arrive, in order, on a thread of its own: the link's thread must not wait for acknowledgements. */
final class Outbox implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Outbox.class.getName());
    private static final int MOST = 10_000;

    private final ExecutorService thread;
    private final Duration limit;

    Outbox(String worker, Duration limit) {
        this.limit = limit;
        this.thread = new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(MOST),
                task -> new Thread(task, worker + "-outbox"));
    }

    void post(MqttLink link, String topic, byte[] message, boolean retained) {
        run(() -> link.deliver(topic, message, retained, limit), topic);
    }

    /** Runs something behind what was posted before. */
    void run(Runnable task, String what) {
        try {
            thread.execute(() -> {
                try {
                    task.run();
                } catch (TransportException failure) {
                    LOG.log(Level.FINE, what + " was not done", failure);
                }
            });
        } catch (RejectedExecutionException full) {
            LOG.log(
                    Level.WARNING,
                    "{0} was dropped: {1} messages wait for the broker, or the worker has stopped",
                    new Object[] {what, MOST});
        }
    }

    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException stop) {
            thread.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
