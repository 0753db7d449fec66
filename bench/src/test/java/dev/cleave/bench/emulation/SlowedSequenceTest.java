package dev.cleave.bench.emulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.cleave.model.EngineOptions;
import dev.cleave.model.EngineProvider;
import dev.cleave.model.KvPrecision;
import dev.cleave.model.Mode;
import dev.cleave.model.Output;
import dev.cleave.model.Segment;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.SegmentMemory;
import dev.cleave.model.SegmentSpec;
import dev.cleave.model.Sequence;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.bundle.Preparation;
import dev.cleave.model.bundle.PreparationOptions;
import java.lang.management.ManagementFactory;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A slowed segment computes what the real one computes, and takes its time. */
@Timeout(120)
class SlowedSequenceTest {
    private static final int SPLIT = 6;

    @TempDir
    static Path folder;

    private static Bundle bundle;
    private static SegmentEngine engine;

    @BeforeAll
    static void prepareTheDefaultModel() {
        Path source = Path.of(System.getProperty("cleave.root"), "models", "hearth-5m");
        bundle = Preparation.prepare(PreparationOptions.of(source, folder.resolve("bundle"), List.of(4)));
        engine = EngineProvider.find().create(EngineOptions.DEFAULT.withThreads(1));
    }

    @AfterAll
    static void closeTheEngine() {
        engine.close();
    }

    private static SegmentSpec spec(int from, int to) {
        return new SegmentSpec(from, to, 4, Mode.FAST);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 4, 10, 30})
    void theFloatsAreTheRealOnesAndTheTimeIsStretched(double factor) {
        int layers = bundle.architecture().layers();
        try (Sequence front = engine.begin(bundle, spec(0, SPLIT), 64, KvPrecision.FLOAT32);
                Sequence back = engine.begin(bundle, spec(SPLIT, layers), 64, KvPrecision.FLOAT32);
                Timed timedFront = new Timed(engine.begin(bundle, spec(0, SPLIT), 64, KvPrecision.FLOAT32));
                Timed timedBack = new Timed(engine.begin(bundle, spec(SPLIT, layers), 64, KvPrecision.FLOAT32));
                SlowedSequence slowFront = new SlowedSequence(timedFront, factor);
                SlowedSequence slowBack = new SlowedSequence(timedBack, factor)) {
            int[] ids = {1, 17, 301, 44, 5, 90, 7};
            int[] chunks = {3, 1, 1, 2};
            int position = 0;
            for (int tokens : chunks) {
                FloatBuffer hidden = front.run(ids, position, tokens, position, Output.ALL);
                long begin = System.nanoTime();
                FloatBuffer slowHidden = slowFront.run(ids, position, tokens, position, Output.ALL);
                long took = System.nanoTime() - begin;
                assertThat(slowHidden).isEqualTo(hidden);
                assertThat((double) took).isGreaterThanOrEqualTo(factor * timedFront.mean());
                assertThat((double) slowFront.realNanos()).isBetween(Math.floor(timedFront.mean()), took / factor + 1);
                assertThat(slowFront.length()).isEqualTo(position + tokens);
                timedFront.forget();

                back.hiddenInput().put(0, hidden, 0, hidden.remaining());
                slowBack.hiddenInput().put(0, slowHidden, 0, slowHidden.remaining());
                FloatBuffer logits = back.run(tokens, position, Output.ALL);
                begin = System.nanoTime();
                FloatBuffer slowLogits = slowBack.run(tokens, position, Output.ALL);
                took = System.nanoTime() - begin;
                assertThat(slowLogits).isEqualTo(logits);
                assertThat((double) took).isGreaterThanOrEqualTo(factor * timedBack.mean());
                timedBack.forget();
                position += tokens;
            }
            // A step at an earlier position truncates.
            slowFront.run(ids, 3, 1, 3, Output.ALL);
            assertThat(timedFront.length()).isEqualTo(4);
            assertThat(slowFront.length()).isEqualTo(4);
        }
    }

    @Test
    void whatIsNotTimeIsTheRealSegments() {
        try (SlowedEngine slow =
                        new SlowedEngine(EngineProvider.find().create(EngineOptions.DEFAULT.withThreads(1)), 2);
                Sequence real = engine.begin(bundle, spec(0, SPLIT), 64, KvPrecision.FLOAT32);
                Sequence slowed = slow.begin(bundle, spec(0, SPLIT), 64, KvPrecision.FLOAT32)) {
            assertThat(slowed).isInstanceOf(SlowedSequence.class);
            assertThat(slowed.segment().spec()).isEqualTo(real.segment().spec());
            assertThat(slowed.chunk()).isEqualTo(real.chunk());
            assertThat(slowed.footprint().kv()).isEqualTo(real.footprint().kv());
            assertThatThrownBy(slowed::hiddenInput).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void anInterruptNeitherShortensTheStepNorIsLost() {
        try (SlowedSequence slowed = new SlowedSequence(new Timed(new Busy()), 20)) {
            Thread.currentThread().interrupt();
            long begin = System.nanoTime();
            slowed.run(1, 0, Output.NONE);
            assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(20 * Busy.NANOS);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void aStepAllocatesNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (SlowedSequence slowed = new SlowedSequence(new Busy(), 3)) {
            int steps = 200;
            long least = Long.MAX_VALUE;
            // What the JVM allocates while it compiles is not the step's.
            for (int turn = 0; turn < 5; turn++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int step = 0; step < steps; step++) {
                    slowed.run(1, step, Output.NONE);
                }
                least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            }
            assertThat(least).isLessThan(steps);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.99, 0, -4, Double.NaN, Double.POSITIVE_INFINITY})
    void refusesToHurryAndToWaitForEver(double factor) {
        assertThatThrownBy(() -> new SlowedEngine(engine, factor))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("factor: " + factor);
    }

    /** Measures from inside. */
    private static final class Timed extends ForwardingSequence {
        private long nanos;
        private int runs;

        Timed(Sequence real) {
            super(real);
        }

        double mean() {
            return (double) nanos / runs;
        }

        void forget() {
            nanos = 0;
            runs = 0;
        }

        @Override
        public FloatBuffer run(int[] ids, int from, int tokens, int position, Output output) {
            long begin = System.nanoTime();
            FloatBuffer result = real.run(ids, from, tokens, position, output);
            nanos += System.nanoTime() - begin;
            runs++;
            return result;
        }

        @Override
        public FloatBuffer run(int tokens, int position, Output output) {
            long begin = System.nanoTime();
            FloatBuffer result = real.run(tokens, position, output);
            nanos += System.nanoTime() - begin;
            runs++;
            return result;
        }
    }

    /** Computes nothing for a while. */
    private static final class Busy implements Sequence {
        static final long NANOS = 200_000;

        private final FloatBuffer result = FloatBuffer.allocate(1);

        @Override
        public FloatBuffer run(int tokens, int position, Output output) {
            long begin = System.nanoTime();
            while (System.nanoTime() - begin < NANOS) {
                Thread.onSpinWait();
            }
            return result;
        }

        @Override
        public FloatBuffer run(int[] ids, int from, int tokens, int position, Output output) {
            return run(tokens, position, output);
        }

        @Override
        public Segment segment() {
            throw new IllegalStateException("has none");
        }

        @Override
        public int maxLength() {
            return 1;
        }

        @Override
        public KvPrecision kv() {
            return KvPrecision.FLOAT32;
        }

        @Override
        public int chunk() {
            return 1;
        }

        @Override
        public int length() {
            return 0;
        }

        @Override
        public FloatBuffer hiddenInput() {
            return result;
        }

        @Override
        public SegmentMemory footprint() {
            return new SegmentMemory(0, 0, 0);
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }
}
