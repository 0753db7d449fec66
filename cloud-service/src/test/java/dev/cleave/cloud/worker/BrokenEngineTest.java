package dev.cleave.cloud.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cleave.model.KvPrecision;
import dev.cleave.model.ModelException;
import dev.cleave.model.Output;
import dev.cleave.model.Segment;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.SegmentMemory;
import dev.cleave.model.SegmentSpec;
import dev.cleave.model.Sequence;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.transport.RefusalCode;
import dev.cleave.transport.SessionErrorCode;
import dev.cleave.transport.SessionRequest;
import dev.cleave.transport.worker.SessionFailure;
import dev.cleave.transport.worker.SessionRefusal;
import dev.cleave.transport.worker.WorkerSession;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** An engine that fails is told to the device without this machine's secrets, and leaves nothing reserved. */
class BrokenEngineTest {
    private static final String SECRET = "/srv/models/layer-003.q4.safetensors";

    private final Bundle bundle = Bundles.hearth();

    private ModelWorker worker(Function<SegmentSpec, Segment> open) {
        SegmentEngine engine = new SegmentEngine() {
            @Override
            public Segment open(Bundle bundle, SegmentSpec spec) {
                return open.apply(spec);
            }

            @Override
            public String version() {
                return "broken";
            }

            @Override
            public void close() {}
        };
        WorkerSettings settings = new WorkerSettings("w1", 4, 1 << 30, 256, 1, Duration.ofMinutes(1));
        return new ModelWorker(bundle, engine, settings, new WorkerMetrics(new SimpleMeterRegistry(), "hearth-5m"));
    }

    private SessionRequest request() {
        return new SessionRequest(
                "d1",
                "session1",
                1,
                bundle.modelHash(),
                new SessionRequest.Shape(0, 4, 8, false, "lossless", 32),
                new SessionRequest.SamplingRequest(0, 0, 1, 0),
                List.of());
    }

    @Test
    void anEngineThatCannotOpenIsRefusedAndFreesTheAccount() {
        ModelWorker worker = worker(spec -> {
            throw new ModelException(ModelException.Reason.ENGINE, "cannot load " + SECRET);
        });
        assertThatThrownBy(() -> worker.open(request()))
                .isInstanceOfSatisfying(SessionRefusal.class, e -> {
                    assertThat(e.code()).isEqualTo(RefusalCode.INTERNAL);
                    assertThat(e.retry()).isTrue();
                })
                .hasMessageContaining("w1")
                .hasMessageNotContaining(SECRET);
        assertThat(worker.memory().reserved()).isZero();
    }

    @Test
    void anErrorWhileOpeningFreesTheAccount() {
        ModelWorker worker = worker(spec -> {
            throw new OutOfMemoryError("Cannot reserve direct memory");
        });
        assertThatThrownBy(() -> worker.open(request())).isInstanceOf(OutOfMemoryError.class);
        assertThat(worker.memory().reserved()).isZero();
    }

    @Test
    void logitsThatAreNoNumbersEndTheSession() {
        WorkerSession session = worker(spec -> new ConstantSegment(spec, Float.NaN))
                .open(request())
                .session();
        fails(session, SessionErrorCode.INTERNAL);
    }

    @Test
    void aRunThatFailsEndsTheSession() {
        WorkerSession session = worker(spec -> new ConstantSegment(spec, 0) {
                    @Override
                    public FloatBuffer run(int[] ids, int from, int tokens, int position, Output output) {
                        throw new ModelException(ModelException.Reason.ENGINE, "cannot run " + SECRET);
                    }
                })
                .open(request())
                .session();
        fails(session, SessionErrorCode.INTERNAL);
    }

    private static void fails(WorkerSession session, SessionErrorCode code) {
        assertThatThrownBy(() -> session.step(TestStep.ids(0, 1), new TestAnswer()))
                .isInstanceOfSatisfying(
                        SessionFailure.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining("ENGINE")
                .hasMessageNotContaining(SECRET);
        session.close();
    }

    /** Gives the same logit for every token of the vocabulary. */
    private static class ConstantSegment implements Segment, Sequence {
        private final SegmentSpec spec;
        private final FloatBuffer logits = FloatBuffer.allocate(2048);

        ConstantSegment(SegmentSpec spec, float logit) {
            this.spec = spec;
            for (int i = 0; i < logits.capacity(); i++) {
                logits.put(i, logit);
            }
        }

        @Override
        public SegmentSpec spec() {
            return spec;
        }

        @Override
        public Segment segment() {
            return this;
        }

        @Override
        public Sequence begin(int maxLength, KvPrecision kv) {
            return this;
        }

        @Override
        public int maxLength() {
            return 32;
        }

        @Override
        public KvPrecision kv() {
            return KvPrecision.FLOAT32;
        }

        @Override
        public int chunk() {
            return 32;
        }

        @Override
        public int length() {
            return 0;
        }

        @Override
        public FloatBuffer hiddenInput() {
            throw new IllegalStateException();
        }

        @Override
        public FloatBuffer run(int[] ids, int from, int tokens, int position, Output output) {
            return logits;
        }

        @Override
        public FloatBuffer run(int tokens, int position, Output output) {
            throw new IllegalStateException();
        }

        @Override
        public SegmentMemory footprint() {
            return new SegmentMemory(0, 0, 0);
        }

        @Override
        public void close() {}
    }
}
