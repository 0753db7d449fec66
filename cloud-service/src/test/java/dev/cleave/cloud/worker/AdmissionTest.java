package dev.cleave.cloud.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.cleave.codec.CodecLevel;
import dev.cleave.codec.Encoder;
import dev.cleave.model.Architecture;
import dev.cleave.proto.Activations;
import dev.cleave.proto.DeviceMessage;
import dev.cleave.proto.OpenSession;
import dev.cleave.proto.SamplePositions;
import dev.cleave.proto.Sampling;
import dev.cleave.proto.WorkerMessage;
import dev.cleave.transport.broker.Mosquitto;
import dev.cleave.transport.worker.RawDevice;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a worker reserves is at least what its sessions take when each takes all that it may, and not much more. */
@Timeout(120)
class AdmissionTest {
    private static final int WIDTH = 192;
    private static final int CHUNK = 64;

    /** Of the worker, and of a session. */
    private static final int LAYERS = 6;

    private static final int LENGTH = 256;
    private static final int SESSIONS = 8;
    private static final int WINDOW = 8;

    private volatile CountDownLatch hold = new CountDownLatch(0);

    private static long used() throws InterruptedException {
        long heap = Long.MAX_VALUE;
        // The least of several: what is garbage is not always found at once.
        for (int i = 0; i < 5; i++) {
            System.gc();
            Thread.sleep(50);
            heap = Math.min(
                    heap,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        long direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        return heap + direct;
    }

    private void tap(String session, int position, int rows, FloatBuffer logits) {
        try {
            hold.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void theAccountCoversWhatIsMeasured(@TempDir Path folder) throws Exception {
        byte[] frame = frame(CHUNK);
        byte[] sampled = frame(32);
        try (Mosquitto broker = Mosquitto.start(folder, false)) {
            long one;
            try (RunningWorker roomy = new RunningWorker(broker.uri(), LogitsTap.NONE);
                    RawDevice device = new RawDevice(broker.uri(), "probe")) {
                device.ask(opening(device, roomy, 1));
                assertThat(device.hear().hasOpened()).isTrue();
                one = roomy.service.kvReserved();
            }
            WorkerSettings settings =
                    new WorkerSettings("w1", 64, SESSIONS * one + one / 2, 256, 1, Duration.ofMinutes(5));
            try (RunningWorker worker = new RunningWorker(broker.uri(), settings, this::tap);
                    RawDevice device = new RawDevice(broker.uri(), "greedy")) {
                // Weights are not a session's.
                device.ask(opening(device, worker, 1));
                assertThat(device.hear().hasOpened()).isTrue();
                device.close("w1", session(1), 1, "n1");
                assertThat(worker.becomesIdle()).isTrue();
                long before = used();

                for (int i = 2; i < 2 + SESSIONS; i++) {
                    device.ask(opening(device, worker, i));
                    assertThat(device.hear().hasOpened()).isTrue();
                }
                device.ask(opening(device, worker, 99));
                assertThat(device.hear().getRefused().getCode()).isEqualTo("FULL");
                assertThat(worker.service.kvReserved()).isEqualTo(SESSIONS * one);
                for (int i = 2; i < 2 + SESSIONS; i++) {
                    device.tell("w1", session(i), step(i, 1, 32, SamplePositions.ALL, sampled));
                    assertThat(device.hear().getTokens().getIdsCount()).isEqualTo(32);
                }
                hold = new CountDownLatch(1);
                for (int i = 2; i < 2 + SESSIONS; i++) {
                    for (int seq = 2; seq < 2 + WINDOW; seq++) {
                        device.tell("w1", session(i), step(i, seq, CHUNK, SamplePositions.LAST, frame));
                    }
                }
                device.tell("w1", "nowhere1", step(77, 1, 1, SamplePositions.LAST, new byte[0]));
                assertThat(device.hear().getError().getEpoch()).isEqualTo(77);
                long taken = used() - before;
                long account = worker.service.kvReserved();
                hold.countDown();

                assertThat(account).isEqualTo(SESSIONS * one);
                // Memory that ONNX Runtime takes while it runs is its own: what is measured are caches, frames and
                // buffers.
                Architecture architecture = worker.bundle.architecture();
                long caches = LAYERS * 2L * Float.BYTES * architecture.kvHeads() * architecture.headSize() * LENGTH;
                assertThat(taken)
                        .as("bytes of %d sessions, of which %d are reserved", SESSIONS, account)
                        .isBetween(SESSIONS * caches, account);
                for (int answers = 0; answers < SESSIONS * WINDOW; answers++) {
                    WorkerMessage answer = device.hear();
                    assertThat(answer.hasTokens()).as("%s", answer).isTrue();
                }
                for (int i = 2; i < 2 + SESSIONS; i++) {
                    device.close("w1", session(i), i, "n" + i);
                }
                assertThat(worker.becomesIdle()).isTrue();
            }
        }
    }

    private static String session(int i) {
        return "sess-" + (100 + i);
    }

    private static OpenSession opening(RawDevice device, RunningWorker worker, int i) {
        return device.opening(session(i), i, "n" + i).toBuilder()
                .setModelHash(worker.bundle.modelHash())
                .setQuality("lossless")
                .setSampling(Sampling.newBuilder().setTemperature(1).setTopP(0.9f))
                .build();
    }

    private static DeviceMessage step(int epoch, int seq, int tokens, SamplePositions sample, byte[] frame) {
        return DeviceMessage.newBuilder()
                .setActivations(Activations.newBuilder()
                        .setEpoch(epoch)
                        .setSeq(seq)
                        .setCount(tokens)
                        .setChunks(1)
                        .setSample(sample)
                        .setPayload(ByteString.copyFrom(frame)))
                .build();
    }

    private static byte[] frame(int tokens) {
        FloatBuffer hidden = FloatBuffer.allocate(WIDTH * tokens);
        for (int i = 0; i < hidden.capacity(); i++) {
            hidden.put(i, (float) Math.sin(i) / 4);
        }
        Encoder encoder = CodecLevel.of("lossless").encoder(WIDTH);
        byte[] frame = new byte[encoder.maxEncodedSize(tokens)];
        return Arrays.copyOf(frame, encoder.encode(hidden, tokens, frame, 0));
    }
}
