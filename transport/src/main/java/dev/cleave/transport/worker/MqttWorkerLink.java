package dev.cleave.transport.worker;

import dev.cleave.transport.BrokerOptions;
import dev.cleave.transport.TrafficCounter;
import dev.cleave.transport.TransportException;
import dev.cleave.transport.internal.LinkListener;
import dev.cleave.transport.internal.MqttLink;
import dev.cleave.transport.internal.Party;
import dev.cleave.transport.internal.Protocol;
import dev.cleave.transport.internal.SocketTraffic;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A worker's link: keeps a connection, and in it a {@link SessionTable}. Where the connection breaks, its sessions end and the
 * link connects again, with doubling delay, until it is closed.
 */
final class MqttWorkerLink implements WorkerLink {
    private static final Logger LOG = Logger.getLogger(MqttWorkerLink.class.getName());
    private static final long FIRST_DELAY_MILLIS = 100;
    private static final long GREATEST_DELAY_MILLIS = 10_000;
    private static final long MOST_TICK_MILLIS = 250;

    /** Openings at once: where one waits for a slow disk, those whose weights are there need not. */
    private static final int LOADERS = 4;

    private final BrokerOptions broker;
    private final WorkerOptions options;
    private final WorkerSessions opener;
    private final Executor executor;
    private final SocketTraffic traffic = new SocketTraffic();
    private final ThreadPoolExecutor loader;
    private final ScheduledExecutorService timer;

    private volatile SessionTable table;
    private volatile boolean draining;
    private volatile byte[] profile = {};
    private boolean closed;
    private boolean tryScheduled;
    private long delay = FIRST_DELAY_MILLIS;

    MqttWorkerLink(BrokerOptions broker, WorkerOptions options, WorkerSessions opener, Executor executor) {
        Protocol.requirePartyName("worker", options.worker());
        Protocol.requireModelHash(options.modelHash());
        this.broker = broker;
        this.options = options;
        this.opener = opener;
        this.executor = executor;
        // As many tasks as openings wait, which are bounded.
        this.loader = new ThreadPoolExecutor(
                LOADERS, LOADERS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> daemon(task, "loader"));
        loader.allowCoreThreadTimeOut(true);
        this.timer = Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "timer"));
        try {
            connect();
        } catch (TransportException failure) {
            timer.shutdownNow();
            loader.shutdownNow();
            throw failure;
        }
        long tick = Math.max(10, Math.min(MOST_TICK_MILLIS, options.idleMillis() / 4));
        timer.scheduleWithFixedDelay(this::endOverdue, tick, tick, TimeUnit.MILLISECONDS);
    }

    private Thread daemon(Runnable task, String what) {
        Thread thread = new Thread(task, options.worker() + "-" + what);
        thread.setDaemon(true);
        return thread;
    }

    private void connect() {
        MessageHandler handler = new MessageHandler();
        MqttLink link = new MqttLink(
                broker,
                Party.worker(options.worker()),
                options.timeouts(),
                new MqttLink.Will(Protocol.workerPresence(options.worker()), Protocol.GONE),
                traffic,
                handler);
        SessionTable fresh = new SessionTable(link, options, opener, loader, executor);
        handler.table = fresh;
        try {
            fresh.begin(draining);
        } catch (TransportException failure) {
            link.close();
            throw failure;
        }
        table = fresh;
        postProfile();
    }

    @Override
    public synchronized void publishProfile(byte[] bytes) {
        if (bytes.length == 0 || bytes.length > Protocol.MAX_PAYLOAD) {
            throw new IllegalArgumentException(
                    "a profile of " + bytes.length + " bytes, expected 1.." + Protocol.MAX_PAYLOAD);
        }
        if (!closed) {
            profile = bytes;
            postProfile();
        }
    }

    /** A broker may have forgotten it when it comes back. */
    private void postProfile() {
        if (profile.length > 0) {
            table.outbox().publish(profileTopic(), profile);
        }
    }

    private String profileTopic() {
        return Protocol.profileTopic(options.modelHash(), options.worker());
    }

    private void reconnect() {
        synchronized (this) {
            tryScheduled = false;
            if (closed) {
                return;
            }
        }
        try {
            connect();
            LOG.log(Level.INFO, "worker {0} is connected to {1} again", new Object[] {options.worker(), broker});
            synchronized (this) {
                delay = FIRST_DELAY_MILLIS;
            }
        } catch (TransportException failure) {
            LOG.log(Level.WARNING, "worker {0} cannot connect and will try again: {1}", new Object[] {
                options.worker(), failure.getMessage()
            });
            later();
        } catch (RuntimeException failure) {
            // The link would stay away for good.
            LOG.log(Level.SEVERE, "worker " + options.worker() + " cannot connect and will try again", failure);
            later();
        }
    }

    /** A connection that breaks while it is being made asks twice. */
    private synchronized void later() {
        if (!closed && !tryScheduled) {
            tryScheduled = true;
            long wait = delay / 2 + ThreadLocalRandom.current().nextLong(delay / 2 + 1);
            delay = Math.min(GREATEST_DELAY_MILLIS, 2 * delay);
            timer.schedule(this::reconnect, wait, TimeUnit.MILLISECONDS);
        }
    }

    private void endOverdue() {
        try {
            table.endOverdue();
        } catch (RuntimeException failure) {
            // The timer would stop for good.
            LOG.log(Level.SEVERE, "cannot look for what is overdue", failure);
        }
    }

    @Override
    public int sessions() {
        return table.size();
    }

    @Override
    public boolean connected() {
        return table.link().connected();
    }

    @Override
    public void drain() {
        draining = true;
        table.drain();
    }

    @Override
    public TrafficCounter traffic() {
        return traffic;
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        timer.shutdownNow();
        SessionTable last = table;
        last.stop();
        if (profile.length > 0) {
            // Without a word a retained message stays for ever.
            last.outbox().publishLast(profileTopic(), Protocol.GONE);
        }
        Duration limit = options.timeouts().close();
        last.awaitClosed(limit);
        loader.shutdown();
        // Where the link is too slow for that word the broker has the same in its will.
        last.link().close(!last.outbox().awaitEmpty(limit));
    }

    /** Paho's threads are told to stop from outside of them. */
    private synchronized void closeOutside(MqttLink link) {
        if (!closed) {
            timer.execute(link::close);
        }
    }

    /** Hears what comes on one connection. */
    private final class MessageHandler implements LinkListener {
        private volatile SessionTable table;

        @Override
        public void message(String topic, byte[] payload) {
            SessionTable mine = table;
            if (mine != null) {
                mine.message(topic, payload);
            }
        }

        @Override
        public void lost(String cause) {
            LOG.log(Level.WARNING, "worker {0} lost the broker at {1}: {2}", new Object[] {
                options.worker(), broker, cause
            });
            SessionTable mine = table;
            if (mine != null) {
                mine.endAll();
                closeOutside(mine.link());
            }
            later();
        }
    }
}
