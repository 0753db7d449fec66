package dev.cleave.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cleave.transport.broker.Mosquitto;
import dev.cleave.transport.broker.TestBroker;
import dev.cleave.transport.device.DeviceLink;
import dev.cleave.transport.device.DeviceSession;
import dev.cleave.transport.internal.LinkListener;
import dev.cleave.transport.internal.MqttLink;
import dev.cleave.transport.internal.Party;
import dev.cleave.transport.internal.Protocol;
import dev.cleave.transport.internal.SocketTraffic;
import dev.cleave.transport.worker.WorkerLink;
import dev.cleave.transport.worker.WorkerOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The access list that docs/cloud.md recommends, in Mosquitto: it lets through what is needed, and no more. */
@Timeout(60)
class AccessListTest {
    private static final Path MANUAL = Path.of(System.getProperty("cleave.root"), "docs", "cloud.md");
    private static final String KEY = Protocol.modelKey(SessionContract.MODEL);

    private final ExecutorService executor = Executors.newFixedThreadPool(2);
    private TestBroker broker;

    @BeforeEach
    void startBroker(@TempDir Path folder) throws Exception {
        String manual = Files.readString(MANUAL);
        int begin = manual.indexOf("    pattern write cleave/1/open/");
        assertThat(begin).as("the access list in docs/cloud.md").isPositive();
        String list = manual.substring(begin, manual.indexOf("\n\n", manual.indexOf("    user w1", begin)))
                .replaceAll("(?m)^ {4}", "");
        broker = Mosquitto.start(folder, List.of("d1", "d2", "w1"), list + "\n");
    }

    @AfterEach
    void stop() {
        executor.shutdownNow();
        if (broker != null) {
            broker.close();
        }
    }

    private BrokerOptions as(String user) {
        return new BrokerOptions(broker.uri(), Optional.of(user), Optional.of(TestBroker.PASSWORD.toCharArray()));
    }

    @Test
    void sessionsAndProfilesPass() {
        try (WorkerLink worker = WorkerLink.start(
                        as("w1"),
                        new WorkerOptions("w1", SessionContract.MODEL, 4, 60_000, SessionContract.QUICK),
                        new EchoSessions(),
                        executor);
                DeviceLink device = DeviceLink.connect(as("d1"), "d1", SessionContract.QUICK)) {
            worker.publishProfile(new byte[] {1, 2});
            try (DeviceSession session = device.open(SessionContract.request("d1", "session1", "int8"))) {
                session.send(Step.frame(0, 1, StepSample.LAST, new byte[] {5}, 0, 1));
                assertThat(session.receive().count()).isOne();
            }
            assertThat(device.profiles(SessionContract.MODEL, Duration.ofSeconds(20)))
                    .containsOnlyKeys("w1")
                    .containsEntry("w1", new byte[] {1, 2});
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cleave/1/profile/KEY/w1",
                "cleave/1/profile/KEY/d1",
                "cleave/1/open/KEY/d2",
                "cleave/1/w/w1/s/d2/session1",
                "cleave/1/d/d2/session1",
                "cleave/1/presence/w/w1",
                "cleave/1/presence/d/d2"
            })
    void aDeviceMayNotWrite(String topic) {
        try (MqttLink link = link("d1", (name, payload) -> {})) {
            TransportException refused = catchThrowableOfType(
                    TransportException.class,
                    () -> link.deliver(topic.replace("KEY", KEY), new byte[] {1}, true, Duration.ofSeconds(10)));
            assertThat(refused.reason()).isEqualTo(TransportException.Reason.NOT_AUTHORIZED);
        }
    }

    @Test
    void aDeviceDoesNotHearAnothersSession() throws Exception {
        CountDownLatch own = new CountDownLatch(1);
        CountDownLatch others = new CountDownLatch(1);
        try (MqttLink spy = link(
                        "d1", (topic, payload) -> (topic.startsWith("cleave/1/d/d1/") ? own : others).countDown());
                MqttLink worker = link("w1", (topic, payload) -> {})) {
            spy.subscribe("cleave/1/d/#");
            spy.subscribe("cleave/1/w/#");
            worker.deliver("cleave/1/d/d2/session1", new byte[] {1}, false, Duration.ofSeconds(10));
            worker.deliver("cleave/1/d/d1/session1", new byte[] {1}, false, Duration.ofSeconds(10));
            assertThat(own.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(others.getCount()).isOne();
        }
    }

    private interface Heard {
        void message(String topic, byte[] payload);
    }

    private MqttLink link(String user, Heard heard) {
        String presence = user.startsWith("w") ? Protocol.workerPresence(user) : Protocol.devicePresence(user);
        return new MqttLink(
                as(user),
                Party.device("x-" + user),
                SessionContract.QUICK,
                new MqttLink.Will(presence, Protocol.GONE),
                new SocketTraffic(),
                new LinkListener() {
                    @Override
                    public void message(String topic, byte[] payload) {
                        heard.message(topic, payload);
                    }

                    @Override
                    public void lost(String cause) {}
                });
    }
}
