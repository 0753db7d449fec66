package dev.cleave.cloud.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cleave.cloud.broker.EmbeddedBroker;
import dev.cleave.generation.SplitConfig;
import dev.cleave.model.EngineOptions;
import dev.cleave.model.EngineProvider;
import dev.cleave.model.Mode;
import dev.cleave.model.SegmentEngine;
import dev.cleave.transport.BrokerOptions;
import dev.cleave.transport.SessionRequest;
import dev.cleave.transport.Step;
import dev.cleave.transport.StepSample;
import dev.cleave.transport.Timeouts;
import dev.cleave.transport.TransportException;
import dev.cleave.transport.TransportException.Reason;
import dev.cleave.transport.device.DeviceLink;
import dev.cleave.transport.device.DeviceSession;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** What devices do to a worker over a real broker: they break frames, vanish, fall silent, and ask for too much. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileDeviceTest {
    private static final String PROMPT = "Turn on the kitchen light in half an hour";
    private static final Timeouts IMPATIENT = new Timeouts(
            Duration.ofSeconds(5),
            Duration.ofSeconds(2),
            Duration.ofSeconds(10),
            Duration.ofSeconds(1),
            Duration.ofSeconds(2));

    private EmbeddedBroker broker;
    private RunningWorker worker;
    private long memoryOfOne;

    @BeforeAll
    void start() {
        broker = EmbeddedBroker.start("127.0.0.1", 0, Optional.empty());
        try (RunningWorker roomy = new RunningWorker(broker.uri(), LogitsTap.NONE);
                DeviceLink link = roomy.connect("probe", IMPATIENT)) {
            worker = roomy;
            link.open(request("probe", "session1"));
            memoryOfOne = roomy.service.kvReserved();
        }
        worker = new RunningWorker(
                broker.uri(),
                new WorkerSettings("w1", 8, 3 * memoryOfOne, 256, 2, Duration.ofSeconds(2)),
                LogitsTap.NONE);
    }

    @AfterAll
    void stop() {
        worker.close();
        broker.close();
    }

    private SessionRequest request(String device, String session) {
        return new SessionRequest(
                device,
                session,
                1,
                worker.bundle.modelHash(),
                new SessionRequest.Shape(6, 4, 8, false, "lossless", 256),
                new SessionRequest.SamplingRequest(0, 0, 1, 0),
                worker.bundle.stopIds());
    }

    @Test
    void brokenFramesEndTheirSessionOnly() throws InterruptedException {
        Random random = new Random(5);
        try (SegmentEngine engine = EngineProvider.find().create(EngineOptions.DEFAULT.withThreads(1));
                DeviceLink link = worker.connect("hostile", IMPATIENT)) {
            SplitConfig config = RunningWorker.config(6, 4, 8, "int8", Mode.FAST);
            String before = worker.answer(engine, "good", config, PROMPT, 64).text();
            for (int i = 0; i < 20; i++) {
                DeviceSession session = link.open(request("hostile", "broken" + (10 + i)));
                byte[] frame = new byte[random.nextInt(2000)];
                random.nextBytes(frame);
                session.send(Step.frame(0, 1 + random.nextInt(3), StepSample.LAST, frame, 0, frame.length));
                assertThatThrownBy(session::receive).isInstanceOfSatisfying(TransportException.class, e -> {
                    assertThat(e.reason()).isEqualTo(Reason.SESSION_FAILED);
                    assertThat(e.code()).isEqualTo("BAD_FRAME");
                });
            }
            assertThat(worker.answer(engine, "good", config, PROMPT, 64).text()).isEqualTo(before);
        }
        assertThat(worker.becomesIdle()).isTrue();
    }

    @Test
    void aDeviceThatVanishesFreesItsKv() throws Exception {
        try (Wire wire = Wire.to(broker.uri());
                DeviceLink link = DeviceLink.connect(BrokerOptions.of(wire.uri().toString()), "vanisher", IMPATIENT)) {
            link.open(request("vanisher", "session1"));
            link.open(request("vanisher", "session2"));
            assertThat(worker.service.kvReserved()).isEqualTo(2 * memoryOfOne);
            wire.cut();
            assertThat(worker.becomesIdle()).isTrue();
        }
    }

    @Test
    void aSilentDeviceLosesItsSessionToTheIdleLimit() throws InterruptedException {
        try (DeviceLink link = worker.connect("silent", IMPATIENT)) {
            DeviceSession session = link.open(request("silent", "session1"));
            assertThat(worker.service.kvReserved()).isEqualTo(memoryOfOne);
            assertThat(worker.becomesIdle()).isTrue();
            assertThatThrownBy(() -> {
                        session.send(Step.frame(0, 1, StepSample.LAST, new byte[10], 0, 10));
                        session.receive();
                    })
                    .isInstanceOfSatisfying(
                            TransportException.class, e -> assertThat(e.code()).isIn("IDLE", "UNKNOWN_SESSION"));
        }
    }

    @Test
    void whoFindsNoRoomIsToldAndGetsInWhenThereIsSome() throws InterruptedException {
        try (DeviceLink link = worker.connect("greedy", IMPATIENT)) {
            DeviceSession first = link.open(request("greedy", "session1"));
            link.open(request("greedy", "session2"));
            link.open(request("greedy", "session3"));
            assertThatThrownBy(() -> link.open(request("greedy", "session4")))
                    .isInstanceOfSatisfying(TransportException.class, e -> {
                        assertThat(e.reason()).isEqualTo(Reason.REFUSED);
                        assertThat(e.code()).isEqualTo("FULL");
                    })
                    .hasMessageContaining(Long.toString(memoryOfOne));
            first.close();
            assertThat(link.open(request("greedy", "session5")).worker()).isEqualTo("w1");
        }
        assertThat(worker.becomesIdle()).isTrue();
    }

    @Test
    void anotherModelOfTheSameKeyIsRefusedByItsWholeHash() {
        String hash = worker.bundle.modelHash();
        String other = hash.substring(0, 63) + (hash.endsWith("0") ? "1" : "0");
        SessionRequest mine = request("stranger", "session1");
        try (DeviceLink link = worker.connect("stranger", IMPATIENT)) {
            assertThatThrownBy(() -> link.open(new SessionRequest(
                            "stranger", "session1", 1, other, mine.shape(), mine.sampling(), mine.stopIds())))
                    .isInstanceOfSatisfying(
                            TransportException.class, e -> assertThat(e.code()).isEqualTo("MODEL"))
                    .hasMessageContaining(hash);
        }
    }
}
