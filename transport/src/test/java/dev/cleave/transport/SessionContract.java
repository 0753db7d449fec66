package dev.cleave.transport;

import static dev.cleave.transport.broker.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cleave.transport.broker.TestBroker;
import dev.cleave.transport.device.DeviceLink;
import dev.cleave.transport.device.DeviceSession;
import dev.cleave.transport.device.StepReply;
import dev.cleave.transport.worker.WorkerLink;
import dev.cleave.transport.worker.WorkerOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the session protocol promises, over any broker. */
@Timeout(60)
abstract class SessionContract {
    static final String MODEL = "0123456789abcdef".repeat(4);
    static final Timeouts QUICK = new Timeouts(
            Duration.ofSeconds(5),
            Duration.ofSeconds(2),
            Duration.ofSeconds(3),
            Duration.ofSeconds(2),
            Duration.ofSeconds(5));

    final EchoSessions sessions = new EchoSessions();
    final ExecutorService executor = Executors.newFixedThreadPool(4);
    final List<AutoCloseable> opened = new ArrayList<>();
    TestBroker broker;

    abstract TestBroker start(Path folder, boolean login) throws Exception;

    /** Steps of a session that shall see many: a link of a long round trip has time for fewer. */
    int steps() {
        return 200;
    }

    @BeforeEach
    void startBroker(@TempDir Path folder) throws Exception {
        broker = start(folder, true);
    }

    @AfterEach
    void closeAll() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
        executor.shutdownNow();
        // None where the test was skipped for want of one.
        if (broker != null) {
            broker.close();
        }
    }

    WorkerLink worker(String name, int maxSessions) {
        WorkerLink link = WorkerLink.start(
                broker.login(), new WorkerOptions(name, MODEL, maxSessions, 60_000, QUICK), sessions, executor);
        opened.add(link);
        return link;
    }

    DeviceLink device(String name) {
        DeviceLink link = DeviceLink.connect(broker.login(), name, QUICK);
        opened.add(link);
        return link;
    }

    static SessionRequest request(String device, String session, String quality) {
        return request(device, session, quality, MODEL, 6);
    }

    static SessionRequest request(String device, String session, String quality, String model, int split) {
        return new SessionRequest(
                device,
                session,
                1,
                model,
                new SessionRequest.Shape(split, 4, 8, false, quality, 256),
                new SessionRequest.SamplingRequest(0, 0, 1, 0),
                List.of(0));
    }

    @Test
    void stepsAreAnsweredInOrderWithWhatWasSent() {
        worker("w1", 10);
        DeviceLink link = device("d1");
        Random random = new Random(1);
        try (DeviceSession session = link.open(request("d1", "session1", "int8"))) {
            assertThat(session.worker()).isEqualTo("w1");
            for (int position = 0; position < steps(); position++) {
                byte[] frame = new byte[1 + random.nextInt(900)];
                random.nextBytes(frame);
                int offset = random.nextInt(frame.length);
                session.send(Step.frame(position, 1, StepSample.LAST, frame, offset, frame.length - offset));
                StepReply reply = session.receive();
                assertThat(reply.count()).isOne();
                assertThat(reply.id(0)).isEqualTo(EchoSessions.token(frame, offset, frame.length - offset, position));
                assertThat(reply.logProbability(0)).isEqualTo(-0.5f);
                assertThat(reply.finish()).isEqualTo(StepFinish.RUNNING);
                assertThat(reply.computeMicros()).isEqualTo(2);
                assertThat(reply.roundTripNanos() / 1000).isGreaterThanOrEqualTo(reply.heldMicros());
            }
            assertThat(link.traffic().bytesUp()).isGreaterThan(steps());
            assertThat(link.traffic().bytesDown()).isGreaterThan(steps());
        }
    }

    @Test
    void scoredStepsTellTheirIdsAndAreToldTheirProbabilities() {
        worker("w1", 10);
        int[] text = {3, 900, 17, 70_000, 5};
        byte[] frame = new byte[700];
        new Random(3).nextBytes(frame);
        try (DeviceSession session = device("d1").open(request("d1", "session1", "int8"))) {
            session.send(Step.scored(0, 3, text, 1, frame, frame.length));
            StepReply several = session.receive();
            assertThat(several.count()).isEqualTo(3);
            for (int i = 0; i < 3; i++) {
                assertThat(several.id(i)).isEqualTo(text[i + 1]);
                assertThat(several.logProbability(i)).isEqualTo(-text[i + 1]);
            }
            session.send(Step.scored(3, 1, text, 4, frame, 10));
            assertThat(session.receive().id(0)).isEqualTo(5);
            session.send(Step.scored(4, 1, text, 5, frame, 10));
            assertThat(session.receive().count()).as("nothing follows the last").isZero();
            session.send(Step.scored(5, 3, text, 1, new byte[200_000], 200_000));
            StepReply chunked = session.receive();
            assertThat(chunked.count()).isEqualTo(3);
            assertThat(chunked.id(2)).isEqualTo(70_000);
        }
    }

    @Test
    void stepsLargerThanAChunkArriveWhole() {
        worker("w1", 10);
        byte[] frame = new byte[EchoSessions.STEP_BYTES];
        new Random(2).nextBytes(frame);
        try (DeviceSession session = device("d1").open(request("d1", "session1", "lossless"))) {
            for (int round = 0; round < 3; round++) {
                session.send(Step.frame(round, 100, StepSample.LAST, frame, 0, frame.length));
                assertThat(session.receive().id(0)).isEqualTo(EchoSessions.token(frame, 0, frame.length, round));
            }
        }
    }

    @Test
    void asManyStepsAsTheWindowAllowsMayBeUnderWay() {
        worker("w1", 10);
        try (DeviceSession session = device("d1").open(request("d1", "session1", "int8"))) {
            int window = session.limits().window();
            for (int step = 0; step < 40; step++) {
                if (session.underWay() == window) {
                    assertThat(session.receive().count()).isZero();
                }
                session.send(Step.frame(step, 1, StepSample.NONE, new byte[] {(byte) step}, 0, 1));
            }
            assertThatThrownBy(() -> session.send(Step.frame(0, 1, StepSample.NONE, new byte[1], 0, 1)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("window is " + window);
            while (session.underWay() > 0) {
                session.receive();
            }
        }
        assertThat(sessions.steps).hasValue(40);
    }

    @Test
    void splitZeroSendsIds() {
        worker("w1", 10);
        int[] ids = {7, 128_000, 0, 2047, 5};
        try (DeviceSession session = device("d1").open(request("d1", "session1", "int8", MODEL, 0))) {
            session.send(Step.ids(0, ids, 1, 3, StepSample.LAST));
            assertThat(session.receive().id(0)).isEqualTo(EchoSessions.token(ids, 1, 3, 0));
        }
    }

    @Test
    void manyDevicesAreServedAtOnce() throws Exception {
        worker("w1", 50);
        ExecutorService devices = Executors.newFixedThreadPool(20);
        List<Future<?>> runs = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            String name = "dev-" + i;
            byte[] frame = name.getBytes();
            runs.add(devices.submit(() -> {
                try (DeviceLink link = DeviceLink.connect(broker.login(), name, QUICK);
                        DeviceSession session = link.open(request(name, "session1", "int8"))) {
                    for (int position = 0; position < steps() / 4; position++) {
                        session.send(Step.frame(position, 1, StepSample.LAST, frame, 0, frame.length));
                        assertThat(session.receive().id(0))
                                .isEqualTo(EchoSessions.token(frame, 0, frame.length, position));
                    }
                }
            }));
        }
        for (Future<?> run : runs) {
            run.get(50, TimeUnit.SECONDS);
        }
        devices.shutdown();
        await(() -> sessions.open.get() == 0);
    }

    @Test
    void closingFreesTheSession() throws Exception {
        WorkerLink worker = worker("w1", 10);
        DeviceSession session = device("d1").open(request("d1", "session1", "int8"));
        assertThat(worker.sessions()).isOne();
        session.close();
        await(() -> worker.sessions() == 0 && sessions.open.get() == 0);
    }

    @Test
    void aDeviceThatVanishesFreesItsSessions() throws Exception {
        WorkerLink worker = worker("w1", 10);
        DeviceLink link = device("d1");
        link.open(request("d1", "session1", "int8"));
        link.open(request("d1", "session2", "int8"));
        assertThat(worker.sessions()).isEqualTo(2);
        link.close();
        await(() -> worker.sessions() == 0 && sessions.open.get() == 0);
    }

    @Test
    void cancellingAnswersWhatWaitsWithoutComputingIt() throws Exception {
        worker("w1", 10);
        sessions.hold = new CountDownLatch(1);
        try (DeviceSession session = device("d1").open(request("d1", "session1", "int8"))) {
            session.send(Step.frame(0, 1, StepSample.LAST, new byte[] {1}, 0, 1));
            session.send(Step.frame(1, 1, StepSample.LAST, new byte[] {2}, 0, 1));
            await(() -> sessions.steps.get() == 1);
            session.cancel();
            Thread.sleep(200);
            sessions.hold.countDown();
            session.receive();
            assertThat(session.receive().finish()).isEqualTo(StepFinish.CANCELLED);
            assertThat(sessions.steps).hasValue(1);
            session.send(Step.frame(1, 1, StepSample.LAST, new byte[] {3}, 0, 1));
            assertThat(session.receive().finish()).isEqualTo(StepFinish.RUNNING);
        }
    }

    @Test
    void aRefusalSaysWhy() {
        worker("w1", 10);
        TransportException refusal = catchThrowableOfType(
                TransportException.class, () -> device("d1").open(request("d1", "session1", "unknown")));
        assertThat(refusal.reason()).isEqualTo(TransportException.Reason.REFUSED);
        assertThat(refusal.code()).isEqualTo("UNSUPPORTED");
        assertThat(refusal).hasMessageContaining("'unknown' does not exist");
    }

    @Test
    void noWorkerIsSaidWithinTheTimeLimit() {
        TransportException failure = catchThrowableOfType(
                TransportException.class, () -> device("d1").open(request("d1", "session1", "int8")));
        assertThat(failure.reason()).isEqualTo(TransportException.Reason.NO_WORKER);
        assertThat(failure).hasMessageContaining("2000 ms").hasMessageContaining("no worker is there");
    }

    @Test
    void aWorkerWithAnotherModelIsNamed() {
        worker("w1", 10);
        TransportException failure = catchThrowableOfType(
                TransportException.class,
                () -> device("d1").open(request("d1", "session1", "int8", "f".repeat(64), 6)));
        assertThat(failure.reason()).isEqualTo(TransportException.Reason.NO_WORKER);
        assertThat(failure.code()).isEqualTo("MODEL");
        assertThat(failure)
                .hasMessageContaining("ffffffffffffffff")
                .hasMessageContaining("worker w1 (ready) serves model 0123456789abcdef");
    }

    @Test
    void aFullWorkerLeavesRoomForAnother() {
        worker("w1", 1);
        DeviceLink link = device("d1");
        link.open(request("d1", "session1", "int8"));
        worker("w2", 1);
        assertThat(link.open(request("d1", "session2", "int8")).worker()).isEqualTo("w2");
        TransportException failure =
                catchThrowableOfType(TransportException.class, () -> link.open(request("d1", "session3", "int8")));
        assertThat(failure.reason()).isIn(TransportException.Reason.REFUSED, TransportException.Reason.NO_WORKER);
    }

    @Test
    void aFailureEndsTheSessionWithTheWorkersWords() throws Exception {
        WorkerLink worker = worker("w1", 10);
        DeviceSession session = device("d1").open(request("d1", "session1", "int8"));
        session.send(Step.frame(EchoSessions.BAD_POSITION, 1, StepSample.LAST, new byte[] {1}, 0, 1));
        TransportException failure = catchThrowableOfType(TransportException.class, session::receive);
        assertThat(failure.reason()).isEqualTo(TransportException.Reason.SESSION_FAILED);
        assertThat(failure.code()).isEqualTo("BAD_FRAME");
        assertThat(failure).hasMessageContaining("the frame is damaged");
        await(() -> worker.sessions() == 0);
        assertThatThrownBy(() -> session.send(Step.frame(0, 1, StepSample.LAST, new byte[1], 0, 1)))
                .isSameAs(failure);
    }

    @Test
    void whatIsOutsideTheLimitsIsRefused() {
        worker("w1", 10);
        DeviceLink link = device("d1");
        int[][] positionsAndTokens = {{0, EchoSessions.STEP_TOKENS + 1}, {EchoSessions.MAX_LENGTH, 1}, {-1, 1}, {0, 0}};
        for (int i = 0; i < positionsAndTokens.length; i++) {
            DeviceSession session = link.open(request("d1", "session" + i, "int8"));
            session.send(
                    Step.frame(positionsAndTokens[i][0], positionsAndTokens[i][1], StepSample.LAST, new byte[1], 0, 1));
            TransportException failure = catchThrowableOfType(TransportException.class, session::receive);
            assertThat(failure.code()).isEqualTo("OUT_OF_RANGE");
        }
        DeviceSession large = link.open(request("d1", "sessionL", "int8"));
        large.send(Step.frame(
                0, 1, StepSample.LAST, new byte[EchoSessions.STEP_BYTES + 1], 0, EchoSessions.STEP_BYTES + 1));
        assertThat(catchThrowableOfType(TransportException.class, large::receive)
                        .code())
                .isEqualTo("BAD_FRAME");
    }

    @Test
    void aLateAnswerToAnOpeningThatWasGivenUpEndsNoOtherSession() throws Exception {
        WorkerLink worker = worker("w1", 10);
        sessions.holdFirst = new CountDownLatch(1);
        DeviceLink link = DeviceLink.connect(
                broker.login(),
                "d1",
                new Timeouts(QUICK.connect(), Duration.ofMillis(1500), QUICK.step(), QUICK.close(), QUICK.keepAlive()));
        opened.add(link);
        SessionRequest request = request("d1", "session1", "int8");
        TransportException late = catchThrowableOfType(TransportException.class, () -> link.open(request));
        assertThat(late.reason()).isEqualTo(TransportException.Reason.NO_WORKER);
        long openings = link.traffic().bytesUp();

        ExecutorService again = Executors.newSingleThreadExecutor();
        Future<DeviceSession> second = again.submit(() -> link.open(request));
        await(() -> link.traffic().bytesUp() > openings + 100);
        sessions.holdFirst.countDown();
        DeviceSession session = second.get(20, TimeUnit.SECONDS);
        again.shutdown();
        await(() -> sessions.openings.get() >= 2 && sessions.open.get() == 1 && worker.sessions() == 1);
        for (int position = 0; position < 20; position++) {
            session.send(Step.frame(position, 1, StepSample.LAST, new byte[] {1}, 0, 1));
            assertThat(session.receive().id(0)).isEqualTo(EchoSessions.token(new byte[] {1}, 0, 1, position));
        }
        session.close();
        await(() -> worker.sessions() == 0 && sessions.open.get() == 0);
    }

    @Test
    void aSessionThatAStepsSilenceEndedIsClosedAtTheWorker() throws Exception {
        WorkerLink worker = worker("w1", 10);
        sessions.hold = new CountDownLatch(1);
        DeviceSession session = device("d1").open(request("d1", "session1", "int8"));
        session.send(Step.frame(0, 1, StepSample.LAST, new byte[] {1}, 0, 1));
        TransportException silent = catchThrowableOfType(TransportException.class, session::receive);
        assertThat(silent.code()).isEqualTo(TransportException.SILENT);
        assertThat(silent).hasMessageNotContaining("did not arrive");
        session.close();
        sessions.hold.countDown();
        await(() -> worker.sessions() == 0 && sessions.open.get() == 0);
    }

    @Test
    void aDeviceWhoseNameIsTakenSaysSo() {
        worker("w1", 10);
        DeviceSession session = device("dup").open(request("dup", "session1", "int8"));
        sessions.hold = new CountDownLatch(1);
        session.send(Step.frame(0, 1, StepSample.LAST, new byte[] {1}, 0, 1));
        device("dup");
        TransportException failure = catchThrowableOfType(TransportException.class, session::receive);
        sessions.hold.countDown();
        assertThat(failure.reason()).isEqualTo(TransportException.Reason.BROKER_LOST);
        assertThat(failure)
                .hasMessageContaining("another client")
                .hasMessageContaining("device's name 'dup'")
                .hasMessageContaining("--device");
    }

    @Test
    void aWorkerWhoseNameIsTakenSaysSo() throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                told.add(new SimpleFormatter().formatMessage(entry));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger log = Logger.getLogger("dev.cleave.transport.worker.MqttWorkerLink");
        log.addHandler(handler);
        try {
            worker("dup", 10);
            try {
                worker("dup", 10);
            } catch (TransportException takenBack) {
                // The first came back before the second was done.
                assertThat(takenBack).hasMessageContaining("worker's name 'dup'");
            }
            await(() -> told.stream()
                    .anyMatch(line -> line.contains("another client")
                            && line.contains("worker's name 'dup'")
                            && line.contains("cleave.worker.name")));
        } finally {
            log.removeHandler(handler);
        }
    }

    @Test
    void aDeadBrokerEndsTheSession() {
        worker("w1", 10);
        DeviceSession session = device("d1").open(request("d1", "session1", "int8"));
        session.send(Step.frame(0, 1, StepSample.LAST, new byte[] {1}, 0, 1));
        session.receive();
        sessions.hold = new CountDownLatch(1);
        session.send(Step.frame(1, 1, StepSample.LAST, new byte[] {1}, 0, 1));
        broker.kill();
        TransportException failure = catchThrowableOfType(TransportException.class, session::receive);
        sessions.hold.countDown();
        assertThat(failure.reason()).isEqualTo(TransportException.Reason.BROKER_LOST);
        assertThat(failure).hasMessageContaining(broker.uri().toString());
    }

    @Test
    void aWorkerThatStopsEndsTheSession() {
        WorkerLink worker = worker("w1", 10);
        DeviceSession session = device("d1").open(request("d1", "session1", "int8"));
        worker.close();
        TransportException failure = catchThrowableOfType(TransportException.class, () -> {
            session.send(Step.frame(0, 1, StepSample.LAST, new byte[] {1}, 0, 1));
            session.receive();
        });
        assertThat(failure.reason())
                .isIn(TransportException.Reason.SESSION_FAILED, TransportException.Reason.WORKER_LOST);
    }

    @Test
    void aWrongPasswordIsSaid() {
        BrokerOptions wrong = new BrokerOptions(
                broker.uri(), Optional.of(TestBroker.USER), Optional.of("battery staple".toCharArray()));
        TransportException failure = catchThrowableOfType(
                TransportException.class,
                () -> DeviceLink.connect(wrong, "d1", QUICK).close());
        assertThat(failure.reason()).isEqualTo(TransportException.Reason.LOGIN_REFUSED);
        assertThat(failure).hasMessageNotContaining("battery staple").hasMessageContaining(TestBroker.USER);
    }
}
