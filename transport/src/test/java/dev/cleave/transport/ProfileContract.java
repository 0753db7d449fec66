package dev.cleave.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cleave.transport.broker.TestBroker;
import dev.cleave.transport.device.DeviceLink;
import dev.cleave.transport.worker.WorkerLink;
import dev.cleave.transport.worker.WorkerOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Workers' profiles, over any broker. */
@Timeout(60)
abstract class ProfileContract {
    private static final String OTHER = "f".repeat(64);
    private static final Duration LONG = Duration.ofSeconds(20);

    private final ExecutorService executor = Executors.newFixedThreadPool(2);
    private TestBroker broker;

    abstract TestBroker start(Path folder) throws Exception;

    @BeforeEach
    void startBroker(@TempDir Path folder) throws Exception {
        broker = start(folder);
    }

    @AfterEach
    void stop() {
        executor.shutdownNow();
        if (broker != null) {
            broker.close();
        }
    }

    private WorkerLink worker(String name, String model) {
        return WorkerLink.start(
                broker.login(),
                new WorkerOptions(name, model, 4, 60_000, SessionContract.QUICK),
                new EchoSessions(),
                executor);
    }

    private DeviceLink device() {
        return DeviceLink.connect(broker.login(), "d1", SessionContract.QUICK);
    }

    @Test
    void devicesReadWhatWorkersOfTheirModelSaid() {
        byte[] large = new byte[96 * 1024];
        new Random(1).nextBytes(large);
        try (WorkerLink first = worker("w1", SessionContract.MODEL);
                WorkerLink second = worker("w2", SessionContract.MODEL);
                WorkerLink other = worker("w3", OTHER);
                DeviceLink device = device()) {
            first.publishProfile(new byte[] {1});
            first.publishProfile(large);
            second.publishProfile(new byte[] {2});
            other.publishProfile(new byte[] {3});
            Map<String, byte[]> heard = Map.of();
            for (int i = 0; i < 100 && !(heard.size() == 2 && heard.get("w1").length > 1); i++) {
                heard = device.profiles(SessionContract.MODEL, LONG);
            }
            assertThat(heard)
                    .containsOnlyKeys("w1", "w2")
                    .containsEntry("w1", large)
                    .containsEntry("w2", new byte[] {2});
            assertThat(device.profiles(OTHER, LONG)).containsOnlyKeys("w3");
        }
    }

    @Test
    void aDeviceThatIsEarlyWaits() throws Exception {
        try (WorkerLink worker = worker("w1", SessionContract.MODEL);
                DeviceLink device = device()) {
            Future<Map<String, byte[]>> asked = executor.submit(() -> device.profiles(SessionContract.MODEL, LONG));
            Thread.sleep(300);
            assertThat(asked.isDone()).isFalse();
            worker.publishProfile(new byte[] {7});
            assertThat(asked.get(20, TimeUnit.SECONDS)).containsOnlyKeys("w1");
        }
    }

    @Test
    void aWorkerThatStopsTakesItsProfileAlong() {
        try (DeviceLink device = device()) {
            try (WorkerLink worker = worker("w1", SessionContract.MODEL)) {
                worker.publishProfile(new byte[] {7});
                assertThat(device.profiles(SessionContract.MODEL, LONG)).containsOnlyKeys("w1");
            }
            assertThat(device.profiles(SessionContract.MODEL, Duration.ofMillis(500)))
                    .isEmpty();
        }
    }

    @Test
    void noneIsSaidWithinTheLimit() {
        try (DeviceLink device = device()) {
            assertThat(device.profiles(SessionContract.MODEL, Duration.ofMillis(100)))
                    .isEmpty();
        }
    }

    @Test
    void aBrokerThatDiesEndsTheWait() throws Exception {
        try (DeviceLink device = device()) {
            Future<TransportException> asked = executor.submit(() -> catchThrowableOfType(
                    TransportException.class, () -> device.profiles(SessionContract.MODEL, Duration.ofMinutes(5))));
            Thread.sleep(300);
            broker.kill();
            assertThat(asked.get(30, TimeUnit.SECONDS).reason()).isEqualTo(TransportException.Reason.BROKER_LOST);
        }
    }

    @Test
    void aFailureLeavesTheLinkAsItWas() throws Exception {
        try (DeviceLink device = DeviceLink.whenOpened(
                BrokerOptions.of("tcp://127.0.0.1:" + unusedPort()), "d1", SessionContract.QUICK)) {
            for (int round = 0; round < 2; round++) {
                TransportException failure = catchThrowableOfType(
                        TransportException.class, () -> device.profiles(SessionContract.MODEL, LONG));
                assertThat(failure.reason()).isEqualTo(TransportException.Reason.BROKER_UNREACHABLE);
            }
        }
    }

    private static int unusedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Test
    void aProfileIsBounded() {
        try (WorkerLink worker = worker("w1", SessionContract.MODEL)) {
            assertThatThrownBy(() -> worker.publishProfile(new byte[96 * 1024 + 1]))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("a profile of 98305 bytes, expected 1..98304");
            assertThatThrownBy(() -> worker.publishProfile(new byte[0])).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
