package dev.cleave.transport;

import static dev.cleave.transport.broker.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cleave.transport.broker.Mosquitto;
import dev.cleave.transport.broker.TestBroker;
import dev.cleave.transport.device.DeviceLink;
import dev.cleave.transport.device.DeviceSession;
import dev.cleave.transport.device.StepReply;
import dev.cleave.transport.worker.WorkerLink;
import dev.cleave.transport.worker.WorkerOptions;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Brokers that take short packets only: those that say so, and those that drop longer messages without a word. */
@Timeout(60)
class PacketLimitTest {
    private final ExecutorService executor = Executors.newFixedThreadPool(2);
    private final EchoSessions sessions = new EchoSessions();

    @TempDir
    Path folder;

    private TestBroker broker;

    @AfterEach
    void stop() {
        executor.shutdownNow();
        if (broker != null) {
            broker.close();
        }
    }

    private WorkerLink worker() {
        return WorkerLink.start(
                broker.anonymous(),
                new WorkerOptions("w1", SessionContract.MODEL, 4, 60_000, SessionContract.QUICK),
                sessions,
                executor);
    }

    private DeviceLink device() {
        return DeviceLink.connect(broker.anonymous(), "d1", SessionContract.QUICK);
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 3000, 90_000})
    void noMessageIsLongerThanTheBrokerSays(int limit) throws Exception {
        broker = Mosquitto.with(folder, "max_packet_size " + limit);
        try (WorkerLink worker = worker();
                DeviceLink device = device();
                DeviceSession session = device.open(SessionContract.request("d1", "session1", "lossless"))) {
            Random random = new Random(limit);
            for (int length : new int[] {1, limit - 120, limit, 3 * limit, 99_999}) {
                byte[] frame = new byte[length];
                random.nextBytes(frame);
                session.send(Step.frame(3, 5, StepSample.LAST, frame, 0, length));
                assertThat(session.receive().id(0)).isEqualTo(EchoSessions.token(frame, 0, length, 3));
                int[] text = {1, 2, 3, 100_000, 5};
                session.send(Step.scored(8, 4, text, 1, frame, length));
                StepReply scored = session.receive();
                assertThat(scored.count()).isEqualTo(4);
                assertThat(scored.id(2)).isEqualTo(100_000);
            }
            assertThat(worker.sessions()).isOne();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 3000})
    void idsAreNoLongerEither(int limit) throws Exception {
        broker = Mosquitto.with(folder, "max_packet_size " + limit);
        try (WorkerLink worker = worker();
                DeviceLink device = device();
                DeviceSession session =
                        device.open(SessionContract.request("d1", "session1", "int8", SessionContract.MODEL, 0))) {
            int most = session.limits().maxTokensPerStep();
            assertThat(most).isBetween(1, EchoSessions.STEP_TOKENS);
            int[] ids = new Random(1).ints(most, 0, Integer.MAX_VALUE).toArray();
            session.send(Step.ids(0, ids, 0, most, StepSample.LAST));
            assertThat(session.receive().id(0)).isEqualTo(EchoSessions.token(ids, 0, most, 0));
            assertThat(worker.sessions()).isOne();
        }
    }

    @Test
    void whatAWorkerSaysFitsToo() throws Exception {
        broker = Mosquitto.with(folder, "max_packet_size 300");
        try (WorkerLink worker = worker();
                DeviceLink device = device()) {
            String other = SessionContract.MODEL.substring(0, 16) + "f".repeat(48);
            TransportException refused = catchThrowableOfType(
                    TransportException.class,
                    () -> device.open(SessionContract.request("d1", "session1", "int8", other, 6)));
            assertThat(refused.code()).as(refused.getMessage()).isEqualTo("MODEL");
            assertThat(refused).hasMessageContaining("this worker serves model");

            try (DeviceSession session = device.open(SessionContract.request("d1", "session2", "int8"))) {
                int[] text = new Random(1).ints(61, 1, 100).toArray();
                session.send(Step.scored(0, 60, text, 1, new byte[10], 10));
                TransportException tooLong = catchThrowableOfType(TransportException.class, session::receive);
                assertThat(tooLong.code()).isEqualTo("OUT_OF_RANGE");
                assertThat(tooLong)
                        .hasMessageContaining("an answer is too long")
                        .hasMessageContaining("at most 300 bytes");
            }
            await(() -> worker.sessions() == 0);
        }
    }

    @Test
    void whereNothingFitsBothNumbersAreSaidAndNothingIsSent() throws Exception {
        broker = Mosquitto.with(folder, "max_packet_size 150");
        try (DeviceLink device = device()) {
            long before = device.traffic().bytesUp();
            TransportException failure = catchThrowableOfType(
                    TransportException.class, () -> device.open(SessionContract.request("d1", "session1", "int8")));
            assertThat(failure.reason()).isEqualTo(TransportException.Reason.PACKET_LIMIT);
            assertThat(failure).hasMessageMatching(".* at most 150 bytes.* needs 1[5-9]\\d; raise .*max_packet_size.*");
            assertThat(device.traffic().bytesUp()).isEqualTo(before);
        }
    }

    @Test
    void aStepThatVanishesIsToldWithItsLength() throws Exception {
        broker = Mosquitto.with(folder, "message_size_limit 3000");
        try (WorkerLink worker = worker();
                DeviceLink device = device()) {
            try (DeviceSession session = device.open(SessionContract.request("d1", "session1", "lossless"))) {
                session.send(Step.frame(0, 1, StepSample.LAST, new byte[100], 0, 100));
                assertThat(session.receive().count()).isOne();
                // The first chunk is lost, the rest of it arrives.
                session.send(Step.frame(1, 100, StepSample.LAST, new byte[99_000], 0, 99_000));
                TransportException gap = catchThrowableOfType(TransportException.class, session::receive);
                assertThat(gap.code()).isEqualTo("GAP");
                assertThat(gap)
                        .hasMessageMatching(".*step 2 of 99000 bytes, in 2 messages of up to 98\\d\\d\\d bytes, did not"
                                + " arrive; the broker may have a limit.*message_size_limit.*");
            }
            await(() -> worker.sessions() == 0);
            try (DeviceSession session = device.open(SessionContract.request("d1", "session2", "lossless"))) {
                session.send(Step.frame(0, 100, StepSample.LAST, new byte[5000], 0, 5000));
                TransportException silent = catchThrowableOfType(TransportException.class, session::receive);
                assertThat(silent.code()).isEqualTo(TransportException.SILENT);
                assertThat(silent)
                        .hasMessageContaining("step 1 of 5000 bytes, in 1 message of 50")
                        .hasMessageContaining("the broker may have a limit");
            }
        }
    }
}
