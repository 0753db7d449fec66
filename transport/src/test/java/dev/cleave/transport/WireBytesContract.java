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

    /** Until the topic has its alias. */
    private static final int UNMEASURED = 2;

    /** Bits of a packet's first byte. */
    private static final int QOS = 0x06;

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
                Capture capture = new Capture(broker.uri())) {
            BrokerOptions captured = new BrokerOptions(capture.uri(), login.user(), login.password());
            DeviceLink link = DeviceLink.connect(captured, "kitchen-hub-0001", TIMEOUTS);
            byte[] frame = {};
            try (link;
                    DeviceSession session =
                            link.open(SessionContract.request("kitchen-hub-0001", "session1", "int8"))) {
                assertThat(worker.sessions()).isOne();
                for (int position = 0; position < UNMEASURED + STEPS; position++) {
                    frame = step(session, position);
                }
            }
            // Nothing passes any more: before, the capture and the link's own counters are read at different times.
            capture.awaitEnd();
            assertThat(link.traffic().bytesUp()).isEqualTo(capture.up().length);
            assertThat(link.traffic().bytesDown()).isEqualTo(capture.down().length);

            List<byte[]> up = steps(capture.up());
            assertThat(up)
                    .allSatisfy(packet -> assertThat(packet.length - FRAME).isBetween(1, MOST_AROUND));
            assertThat(endsWith(up.get(STEPS - 1), frame))
                    .as("the frame is the last field, as it is")
                    .isTrue();
            List<byte[]> down = steps(capture.down());
            assertThat(down).allSatisfy(packet -> assertThat(packet.length).isLessThan(2 * MOST_AROUND));
            System.out.printf(
                    "%s: up %d bytes a step around a frame of %d, down %d%n",
                    getClass().getSimpleName(), up.get(STEPS - 1).length - FRAME, FRAME, down.get(STEPS - 1).length);
        }
    }

    /** Returns the packets of steps and their answers, which alone are published at QoS 0, but for the first ones. */
    private static List<byte[]> steps(byte[] stream) {
        List<byte[]> steps = packets(stream).stream()
                .filter(packet -> packet[0] >> 4 == PUBLISH && (packet[0] & QOS) == 0)
                .toList();
        assertThat(steps).hasSize(UNMEASURED + STEPS);
        return steps.subList(UNMEASURED, UNMEASURED + STEPS);
    }

    private static byte[] step(DeviceSession session, int position) {
        byte[] frame = new byte[FRAME];
        new Random(position).nextBytes(frame);
        session.send(Step.frame(position, 1, StepSample.LAST, frame, 0, FRAME));
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
