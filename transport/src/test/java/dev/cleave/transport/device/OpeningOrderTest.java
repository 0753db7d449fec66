package dev.cleave.transport.device;

import static dev.cleave.transport.broker.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.cleave.proto.CloseSession;
import dev.cleave.proto.DeviceMessage;
import dev.cleave.proto.OpenSession;
import dev.cleave.proto.Refused;
import dev.cleave.proto.SessionLimits;
import dev.cleave.proto.SessionOpened;
import dev.cleave.proto.WorkerMessage;
import dev.cleave.transport.BrokerOptions;
import dev.cleave.transport.SessionRequest;
import dev.cleave.transport.Timeouts;
import dev.cleave.transport.TransportException;
import dev.cleave.transport.broker.Mosquitto;
import dev.cleave.transport.broker.TestBroker;
import dev.cleave.transport.internal.LinkListener;
import dev.cleave.transport.internal.MqttLink;
import dev.cleave.transport.internal.Party;
import dev.cleave.transport.internal.Protocol;
import dev.cleave.transport.internal.SocketTraffic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A device among workers whose answers to its openings come late, twice, in any order or never. What a worker opened is served or
 * closed: the device closes all but the session that it has, and that one never.
 */
@Timeout(120)
@Execution(ExecutionMode.CONCURRENT)
class OpeningOrderTest {
    private static final String MODEL = "0123456789abcdef".repeat(4);
    private static final Timeouts TIMEOUTS = new Timeouts(
            Duration.ofSeconds(20),
            Duration.ofMillis(700),
            Duration.ofSeconds(20),
            Duration.ofSeconds(20),
            Duration.ofSeconds(20));

    /** A session that one of the workers has opened. */
    private record Key(String worker, int epoch, ByteString nonce) {}

    private final ScheduledExecutorService later = Executors.newScheduledThreadPool(4);
    private final List<Key> open = new CopyOnWriteArrayList<>();
    private final List<Key> closed = new CopyOnWriteArrayList<>();
    private final List<OpenSession> asked = new CopyOnWriteArrayList<>();
    private Random random;
    private TestBroker broker;
    private MqttLink workers;

    @BeforeEach
    void startWorkers(@TempDir Path folder) throws Exception {
        broker = Mosquitto.start(folder, false);
        workers = new MqttLink(
                broker.anonymous(),
                Party.worker("several"),
                TIMEOUTS,
                new MqttLink.Will(Protocol.workerPresence("several"), Protocol.GONE),
                new SocketTraffic(),
                new LinkListener() {
                    @Override
                    public void message(String topic, byte[] payload) {
                        heard(topic, payload);
                    }

                    @Override
                    public void lost(String cause) {}
                });
        workers.subscribe(Protocol.sharedOpenFilter(MODEL));
        workers.subscribe("cleave/1/w/+/s/+/+");
    }

    @AfterEach
    void stop() {
        later.shutdownNow();
        if (workers != null) {
            workers.close();
        }
        if (broker != null) {
            broker.close();
        }
    }

    private void heard(String topic, byte[] payload) {
        try {
            if (topic.startsWith(Protocol.openPrefix(MODEL))) {
                asked(OpenSession.parseFrom(payload));
            } else if (DeviceMessage.parseFrom(payload).hasClose()) {
                CloseSession close = DeviceMessage.parseFrom(payload).getClose();
                Key key = new Key(topic.split("/")[3], close.getEpoch(), close.getNonce());
                closed.add(key);
                open.removeIf(key::equals);
            }
        } catch (InvalidProtocolBufferException malformed) {
            throw new AssertionError(malformed);
        }
    }

    /** Answers it, and perhaps an earlier one, now or later. */
    private synchronized void asked(OpenSession request) {
        asked.add(request);
        if (random.nextInt(4) == 0) {
            answer(asked.get(random.nextInt(asked.size())));
        }
        if (random.nextInt(4) > 0) {
            answer(request);
        }
    }

    private void answer(OpenSession request) {
        String worker = "w" + random.nextInt(2);
        boolean refuse = random.nextInt(4) == 0;
        for (int times = 1 + random.nextInt(2); times > 0; times--) {
            int delay = random.nextInt(3) * random.nextInt(300);
            later.schedule(() -> tell(request, worker, refuse), delay, TimeUnit.MILLISECONDS);
        }
    }

    private void tell(OpenSession request, String worker, boolean refuse) {
        WorkerMessage.Builder message = WorkerMessage.newBuilder();
        if (refuse) {
            message.setRefused(Refused.newBuilder()
                    .setEpoch(request.getEpoch())
                    .setNonce(request.getNonce())
                    .setCode("FULL")
                    .setRetry(true));
        } else {
            open.add(new Key(worker, request.getEpoch(), request.getNonce()));
            message.setOpened(SessionOpened.newBuilder()
                    .setWorker(worker)
                    .setEpoch(request.getEpoch())
                    .setNonce(request.getNonce())
                    .setLimits(SessionLimits.newBuilder().setMaxLength(64).setWindow(1)));
        }
        workers.send(
                Protocol.deviceTopic(request.getDevice(), request.getSession()),
                message.build().toByteArray());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void theDeviceClosesWhatItDoesNotHaveAndNothingElse(long seed) throws Exception {
        random = new Random(seed);
        SessionRequest request = new SessionRequest(
                "d1",
                "session1",
                1,
                MODEL,
                new SessionRequest.Shape(6, 4, 8, false, "int8", 64),
                new SessionRequest.SamplingRequest(0, 0, 1, 0),
                List.of());
        try (DeviceLink link = DeviceLink.connect(BrokerOptions.of(broker.uri().toString()), "d1", TIMEOUTS)) {
            for (int round = 0; round < 3; round++) {
                MqttDeviceSession session = opened(link, request);
                if (session == null) {
                    continue;
                }
                Key mine = key(session);
                settle();
                await(() -> open.stream().allMatch(mine::equals));
                assertThat(open).as("its own").contains(mine);
                assertThat(closed).doesNotContain(mine);
                session.close();
                await(() -> closed.contains(mine));
            }
            settle();
            await(open::isEmpty);
        }
        long attempts = asked.stream().map(OpenSession::getNonce).distinct().count();
        List<Integer> epochs =
                asked.stream().map(OpenSession::getEpoch).distinct().toList();
        assertThat(epochs)
                .as("each attempt has its epoch")
                .hasSize((int) attempts)
                .isSorted();
    }

    private static MqttDeviceSession opened(DeviceLink link, SessionRequest request) {
        try {
            return (MqttDeviceSession) link.open(request);
        } catch (TransportException refused) {
            assertThat(refused.reason())
                    .as(refused.getMessage())
                    .isIn(TransportException.Reason.NO_WORKER, TransportException.Reason.REFUSED);
            return null;
        }
    }

    private Key key(MqttDeviceSession session) {
        OpenSession mine = asked.stream()
                .filter(request -> request.getEpoch() == session.request().epoch())
                .findFirst()
                .orElseThrow();
        return new Key(session.worker(), mine.getEpoch(), mine.getNonce());
    }

    /** Waits until everything that was to be told has been: the scheduler's tasks run in the order of their times. */
    private void settle() throws Exception {
        later.schedule(() -> {}, 600, TimeUnit.MILLISECONDS).get();
    }
}
