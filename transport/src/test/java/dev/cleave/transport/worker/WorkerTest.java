package dev.cleave.transport.worker;

import dev.cleave.transport.BrokerOptions;
import dev.cleave.transport.Timeouts;
import dev.cleave.transport.broker.Mosquitto;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A worker on a real broker, and devices that a test speaks for, message by message. */
@Timeout(60)
abstract class WorkerTest {
    static final Timeouts TIMEOUTS = new Timeouts(
            Duration.ofSeconds(5),
            Duration.ofSeconds(20),
            Duration.ofSeconds(20),
            Duration.ofSeconds(2),
            Duration.ofSeconds(5));

    final ScriptedSessions sessions = new ScriptedSessions();
    final ExecutorService executor = Executors.newFixedThreadPool(2);
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    Mosquitto broker;

    @BeforeEach
    void startBroker(@TempDir Path folder) throws Exception {
        broker = Mosquitto.start(folder, false);
        opened.push(broker);
    }

    @AfterEach
    void closeAll() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
        executor.shutdownNow();
    }

    WorkerLink worker(Timeouts timeouts) {
        return worker(broker.uri(), timeouts, 100, sessions);
    }

    WorkerLink worker(URI uri, Timeouts timeouts, int maxSessions, WorkerSessions opener) {
        WorkerOptions options = new WorkerOptions("w1", RawDevice.MODEL, maxSessions, 60_000, timeouts);
        return closing(WorkerLink.start(BrokerOptions.of(uri.toString()), options, opener, executor));
    }

    RawDevice device(String name) throws Exception {
        return closing(new RawDevice(broker.uri(), name));
    }

    <T extends AutoCloseable> T closing(T what) {
        opened.push(what);
        return what;
    }
}
