package dev.cleave.cloud.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cleave.codec.CodecLevel;
import dev.cleave.codec.Encoder;
import dev.cleave.model.EngineOptions;
import dev.cleave.model.EngineProvider;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.transport.RefusalCode;
import dev.cleave.transport.SessionErrorCode;
import dev.cleave.transport.SessionRequest;
import dev.cleave.transport.StepSample;
import dev.cleave.transport.worker.SessionFailure;
import dev.cleave.transport.worker.SessionRefusal;
import dev.cleave.transport.worker.WorkerSession;
import dev.cleave.transport.worker.WorkerSessions.Opened;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Openings and steps as the transport hands them over, without a broker. */
@Timeout(60)
class ModelSessionTest {
    /** Keys and values of 6 layers, 2 heads of 32, 64 tokens, 4 bytes a value. */
    private static final long KV_BYTES = 2L * 6 * 2 * 32 * 64 * 4;

    /** Frames of 64 tokens, lossless, in a window of 8. */
    private static final long FRAME_BYTES = 8L * 64 * 192 * 4;

    private static final int LOGITS_BYTES = 32 * 2048 * 4;

    private static final SessionRequest.Shape SHAPE = new SessionRequest.Shape(6, 4, 8, true, "lossless", 64);
    private static final SessionRequest.SamplingRequest GREEDY = new SessionRequest.SamplingRequest(0, 0, 1, 0);

    private final Bundle bundle = Bundles.hearth();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private SegmentEngine engine;
    private ModelWorker worker;

    @BeforeEach
    void createWorker() {
        engine = EngineProvider.find().create(EngineOptions.DEFAULT.withThreads(1));
        worker = worker(1L << 30);
    }

    private ModelWorker worker(long bytes) {
        WorkerSettings settings = new WorkerSettings("w1", 4, bytes, 256, 1, Duration.ofMinutes(1));
        return new ModelWorker(bundle, engine, settings, new WorkerMetrics(registry, bundle.name()));
    }

    @AfterEach
    void everythingIsFreed() {
        assertThat(worker.memory().reserved()).isZero();
        engine.close();
    }

    private SessionRequest request(SessionRequest.Shape shape) {
        return new SessionRequest("d1", "session1", 1, bundle.modelHash(), shape, GREEDY, bundle.stopIds());
    }

    private void refuses(SessionRequest request, RefusalCode code, String... words) {
        assertThatThrownBy(() -> worker.open(request))
                .isInstanceOfSatisfying(
                        SessionRefusal.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContainingAll(words);
        assertThat(registry.get("cleave.sessions.refused")
                        .tag("code", code.name())
                        .counter()
                        .count())
                .isPositive();
    }

    @Test
    void openingsThatCannotBeServedAreRefusedWithWhatIsWrong() {
        String other = bundle.modelHash().substring(0, 63) + (bundle.modelHash().endsWith("0") ? "1" : "0");
        refuses(
                new SessionRequest("d1", "session1", 1, other, SHAPE, GREEDY, List.of()),
                RefusalCode.MODEL,
                other,
                bundle.modelHash());
        refuses(request(shape(12, 8, "lossless", 64)), RefusalCode.UNSUPPORTED, "split 12", "0..11");
        refuses(request(shape(-1, 8, "lossless", 64)), RefusalCode.UNSUPPORTED, "split -1", "0..11");
        refuses(request(shape(6, 3, "lossless", 64)), RefusalCode.UNSUPPORTED, "width 3", "[2, 4, 8, 16]");
        refuses(request(shape(6, 8, "int5", 64)), RefusalCode.UNSUPPORTED, "int5", "lossless");
        refuses(request(shape(6, 8, "lossless", 257)), RefusalCode.UNSUPPORTED, "257", "1..256");
        refuses(request(shape(6, 8, "lossless", 0)), RefusalCode.UNSUPPORTED, "length 0", "1..256");
        refuses(
                new SessionRequest(
                        "d1",
                        "session1",
                        1,
                        bundle.modelHash(),
                        SHAPE,
                        new SessionRequest.SamplingRequest(-1, 0, 1, 0),
                        List.of()),
                RefusalCode.UNSUPPORTED,
                "temperature",
                "-1");
    }

    private static SessionRequest.Shape shape(int split, int backBits, String quality, int maxLength) {
        return new SessionRequest.Shape(split, 4, backBits, true, quality, maxLength);
    }

    @Test
    void whatASessionMayTakeIsReservedAndAFullWorkerSaysSo() {
        Opened probe = worker.open(request(SHAPE));
        long one = worker.memory().reserved();
        assertThat(one).isGreaterThan(KV_BYTES + FRAME_BYTES + LOGITS_BYTES);
        probe.session().close();
        assertThat(worker.memory().reserved()).isZero();

        ModelWorker small = worker(3 * one - 1);
        Opened first = small.open(request(SHAPE));
        Opened second = small.open(request(SHAPE));
        assertThat(small.memory().reserved()).isEqualTo(2 * one);
        assertThatThrownBy(() -> small.open(request(SHAPE)))
                .isInstanceOfSatisfying(SessionRefusal.class, e -> {
                    assertThat(e.code()).isEqualTo(RefusalCode.FULL);
                    assertThat(e.retry()).isTrue();
                    assertThat(e.retryAfterMillis()).isPositive();
                })
                .hasMessageContainingAll(
                        Long.toString(one), Long.toString(KV_BYTES), Long.toString(2 * one), "cleave.worker.kv-memory");
        first.session().close();
        assertThat(small.memory().reserved()).isEqualTo(one);
        small.open(request(SHAPE)).session().close();
        second.session().close();
        assertThat(small.memory().reserved()).isZero();
    }

    @Test
    void aReservationIsGivenBackOnce() {
        MemoryAccount account = new MemoryAccount(100);
        MemoryAccount.Reservation first = account.reserve(60).orElseThrow();
        assertThat(account.reserve(41)).isEmpty();
        assertThat(account.reserve(40)).isPresent();
        first.close();
        first.close();
        assertThat(account.reserved()).isEqualTo(40);
        assertThatThrownBy(() -> account.reserve(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void limitsAreWhatTheSegmentTakes() {
        Opened opened = worker.open(request(SHAPE));
        assertThat(opened.limits().maxLength()).isEqualTo(64);
        assertThat(opened.limits().maxTokensPerStep()).isEqualTo(64);
        for (CodecLevel quality : CodecLevel.all()) {
            assertThat(opened.maxStepBytes())
                    .isGreaterThanOrEqualTo(quality.encoder(192).maxEncodedSize(64));
        }
        assertThat(opened.maxStepBytes()).isLessThan(2 * 4 * 192 * 64);
        opened.session().close();
        Opened ids = worker.open(request(shape(0, 8, "lossless", 16)));
        assertThat(ids.maxStepBytes()).isZero();
        ids.session().close();
    }

    private void fails(WorkerSession session, TestStep step, SessionErrorCode code, String... words) {
        assertThatThrownBy(() -> session.step(step, new TestAnswer()))
                .isInstanceOfSatisfying(
                        SessionFailure.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContainingAll(words);
    }

    private byte[] frame(int tokens) {
        FloatBuffer hidden = ByteBuffer.allocateDirect(4 * 192 * tokens)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        for (int i = 0; i < hidden.capacity(); i++) {
            hidden.put(i, (float) Math.sin(i) / 4);
        }
        Encoder encoder = CodecLevel.of("lossless").encoder(192);
        byte[] frame = new byte[encoder.maxEncodedSize(tokens)];
        int length = encoder.encode(hidden, tokens, frame, 0);
        assertThat(length).isEqualTo(frame.length);
        return frame;
    }

    private static byte[] sealed(byte[] frame, UnaryOperator<ByteBuffer> change) {
        ByteBuffer bytes = ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN);
        change.apply(bytes);
        CRC32 crc = new CRC32();
        crc.update(frame, 0, frame.length - 4);
        bytes.putInt(frame.length - 4, (int) crc.getValue());
        return frame;
    }

    @Test
    void framesOfAHostileDeviceEndItsSession() {
        WorkerSession session = worker.open(request(SHAPE)).session();
        fails(session, TestStep.frame(0, 1, new byte[0]), SessionErrorCode.BAD_FRAME, "0 bytes");
        fails(session, TestStep.frame(0, 1, new byte[999]), SessionErrorCode.BAD_FRAME, "magic number");
        byte[] damaged = frame(1);
        damaged[100] ^= 4;
        fails(session, TestStep.frame(0, 1, damaged), SessionErrorCode.BAD_FRAME, "CRC-32");
        byte[] nan = sealed(frame(1), bytes -> bytes.putFloat(8, Float.NaN));
        fails(session, TestStep.frame(0, 1, nan), SessionErrorCode.BAD_FRAME, "not finite");
        fails(session, TestStep.frame(0, 2, frame(1)), SessionErrorCode.BAD_FRAME, "1 tokens", "states 2");
        byte[] many = sealed(frame(64), bytes -> bytes.putShort(4, (short) 0xFFFF));
        fails(session, TestStep.frame(0, 64, many), SessionErrorCode.BAD_FRAME, "65535 tokens");
        assertThat(registry.get("cleave.sessions.failed")
                        .tag("code", "BAD_FRAME")
                        .counter()
                        .count())
                .isEqualTo(6);
        session.close();
    }

    @Test
    void positionsCountsAndIdsOutsideTheirRangeEndTheSession() {
        SessionErrorCode code = SessionErrorCode.OUT_OF_RANGE;
        WorkerSession session = worker.open(request(SHAPE)).session();
        fails(session, TestStep.frame(1, 1, frame(1)), code, "position 1", "0..0");
        fails(session, TestStep.frame(-1, 1, frame(1)), code, "position -1");
        fails(session, TestStep.frame(0, 65, frame(65)), code, "65 tokens", "1..64");
        fails(session, TestStep.frame(0, 40, frame(40)).sampling(StepSample.ALL), code, "40 positions", "32");
        fails(session, TestStep.frame(0, 1, frame(1)).forcing(1, 2), code, "2 forced ids");
        fails(session, TestStep.frame(0, 1, frame(1)).forcing(2048), code, "2048", "0..2047");
        session.step(TestStep.frame(0, 60, frame(60)).sampling(StepSample.NONE), new TestAnswer());
        fails(session, TestStep.frame(60, 5, frame(5)), code, "position 60", "64");
        session.close();
        WorkerSession ids = worker.open(request(shape(0, 8, "lossless", 16))).session();
        fails(ids, TestStep.ids(0, 1, 2048), code, "2048");
        fails(ids, TestStep.ids(0, 1, -1), code, "-1");
        ids.close();
    }
}
