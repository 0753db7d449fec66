package dev.cleave.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleave.transport.broker.Capture;
import dev.cleave.transport.broker.TestBroker;
import dev.cleave.transport.device.DeviceLink;
import dev.cleave.transport.device.DeviceSession;
import dev.cleave.transport.worker.WorkerLink;
import dev.cleave.transport.worker.WorkerOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a step of decoding takes on the wire besides its frame, read from a capture of the device's connection. */
@Timeout(120)
abstract class WireBytesContract {
    /** Protobuf and MQTT together. */
    private static final int MOST_AROUND = 80;

    private static final int FRAME = 72;
    private static final int STEPS = 50;
    private static final int PUBLISH = 3;
    private static final Timeouts TIMEOUTS = new Timeouts(
            Duration.ofSeconds(20),
            Duration.ofSeconds(20),
            Duration.ofSeconds(20),
            Duration.ofMinutes(5),
            Duration.ofSeconds(5));

    private final ExecutorService executor = Executors.newSingleThreadExecutor();
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

    @Test
    void aStepTakesLittleBesidesItsFrame() throws Exception {
        WorkerOptions options = new WorkerOptions("worker-1", SessionContract.MODEL, 4, 60_000, TIMEOUTS);
        BrokerOptions login = broker.login();
        try (WorkerLink worker = WorkerLink.start(login, options, new EchoSessions(), executor);
                Capture capture = new Capture(broker.uri());
                DeviceLink link = DeviceLink.connect(
                        new BrokerOptions(capture.uri(), login.user(), login.password()),
                        "kitchen-hub-0001",
                        TIMEOUTS);
                DeviceSession session = link.open(SessionContract.request("kitchen-hub-0001", "session1", "int8"))) {
            assertThat(worker.sessions()).isOne();
            step(session, 0);
            byte[] frame = step(session, 1);
            int upBefore = capture.up().length;
            int downBefore = capture.down().length;
            long countedUp = link.traffic().bytesUp();
            long countedDown = link.traffic().bytesDown();
            assertThat(countedUp).isEqualTo(upBefore);
            assertThat(countedDown).isEqualTo(downBefore);

            for (int position = 2; position < 2 + STEPS; position++) {
                frame = step(session, position);
            }

            byte[] up = Arrays.copyOfRange(capture.up(), upBefore, capture.up().length);
            byte[] down = Arrays.copyOfRange(capture.down(), downBefore, capture.down().length);
            assertThat(link.traffic().bytesUp() - countedUp).isEqualTo(up.length);
            assertThat(link.traffic().bytesDown() - countedDown).isEqualTo(down.length);
            List<byte[]> packets = packets(up);
            assertThat(packets).hasSize(STEPS).allSatisfy(packet -> {
                assertThat(packet[0] >> 4).as("MQTT's type of packet").isEqualTo(PUBLISH);
                assertThat(packet.length - FRAME).isBetween(1, MOST_AROUND);
            });
            assertThat(endsWith(packets.get(STEPS - 1), frame))
                    .as("the frame is the last field, as it is")
                    .isTrue();
            assertThat(packets(down))
                    .hasSize(STEPS)
                    .allSatisfy(packet -> assertThat(packet.length).isLessThan(2 * MOST_AROUND));
            System.out.printf(
                    "%s: up %d bytes a step around a frame of %d, down %d%n",
                    getClass().getSimpleName(), up.length / STEPS - FRAME, FRAME, down.length / STEPS);
        }
    }

    private static byte[] step(DeviceSession session, int position) {
        byte[] frame = new byte[FRAME];
        new Random(position).nextBytes(frame);
        session.send(position, 1, StepSample.LAST, frame, 0, FRAME);
        assertThat(session.receive().id(0)).isEqualTo(EchoSessions.token(frame, 0, FRAME, position));
        return frame;
    }

    /** Divides a stream into MQTT's packets: type, length in groups of seven bits, contents. */
    private static List<byte[]> packets(byte[] stream) {
        List<byte[]> packets = new ArrayList<>();
        int from = 0;
        while (from < stream.length) {
            int length = 0;
            int at = from + 1;
            for (int shift = 0; ; shift += 7) {
                int group = stream[at++];
                length |= (group & 0x7F) << shift;
                if (group >= 0) {
                    break;
                }
            }
            packets.add(Arrays.copyOfRange(stream, from, at + length));
            assertThat(at + length).as("whole packets").isLessThanOrEqualTo(stream.length);
            from = at + length;
        }
        return packets;
    }

    private static boolean endsWith(byte[] packet, byte[] frame) {
        return Arrays.equals(packet, packet.length - frame.length, packet.length, frame, 0, frame.length);
    }
}
