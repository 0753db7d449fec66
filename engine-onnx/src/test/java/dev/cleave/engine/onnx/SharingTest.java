package dev.cleave.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleave.model.EngineOptions;
import dev.cleave.model.KvPrecision;
import dev.cleave.model.Mode;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.SegmentSpec;
import dev.cleave.model.Sequence;
import dev.cleave.model.bundle.Bundle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many segments on one copy of the weights. */
class SharingTest {
    private static final int SEGMENTS = 8;
    private static final int LAYERS_AND_HEAD = 13;

    @Test
    void oneCopyOfTheWeightsServesEverySplit() {
        try (OnnxSegmentEngine engine = new OnnxSegmentEngine(EngineOptions.DEFAULT)) {
            Sequence whole = begin(engine, 0, 12);
            assertThat(engine.loadedParts()).isEqualTo(LAYERS_AND_HEAD);
            List<Sequence> backs = new ArrayList<>();
            for (int split = 1; split < 12; split++) {
                backs.add(begin(engine, split, 12));
                backs.add(begin(engine, 0, split));
            }
            assertThat(engine.loadedParts()).isEqualTo(LAYERS_AND_HEAD);

            whole.close();
            backs.forEach(Sequence::close);
            assertThat(engine.loadedParts()).isZero();
        }
    }

    @Test
    void otherWidthsAndModesAreOtherWeightsExceptAt16Bits() {
        Bundle bundle = TestBundles.hearth();
        try (OnnxSegmentEngine engine = new OnnxSegmentEngine(EngineOptions.DEFAULT)) {
            Sequence[] segments = {
                engine.begin(bundle, new SegmentSpec(0, 2, 4, Mode.FAST), 32, KvPrecision.FLOAT32),
                engine.begin(bundle, new SegmentSpec(0, 2, 8, Mode.FAST), 32, KvPrecision.FLOAT32),
                engine.begin(bundle, new SegmentSpec(0, 2, 8, Mode.EXACT), 32, KvPrecision.FLOAT32),
                engine.begin(bundle, new SegmentSpec(0, 2, 16, Mode.EXACT), 32, KvPrecision.FLOAT32),
                engine.begin(bundle, new SegmentSpec(0, 2, 16, Mode.FAST), 32, KvPrecision.FLOAT32)
            };
            assertThat(engine.loadedParts()).isEqualTo(4 * 2);
            for (Sequence segment : segments) {
                segment.close();
            }
        }
    }

    @Test
    void anotherPrecisionOfTheCacheIsAnotherGraphForLayersAndTheSameHead() {
        Bundle bundle = TestBundles.hearth();
        try (OnnxSegmentEngine engine = new OnnxSegmentEngine(EngineOptions.DEFAULT);
                Sequence single = engine.begin(bundle, new SegmentSpec(10, 12, 8, Mode.FAST), 32, KvPrecision.FLOAT32);
                Sequence half = engine.begin(bundle, new SegmentSpec(10, 12, 8, Mode.FAST), 32, KvPrecision.FLOAT16)) {
            assertThat(single.kv()).isEqualTo(KvPrecision.FLOAT32);
            assertThat(half.kv()).isEqualTo(KvPrecision.FLOAT16);
            assertThat(engine.loadedParts()).isEqualTo(2 + 2 + 1);
        }
    }

    @Test
    void weightsStayForTheNextSegmentWhereTheyAreKept() {
        OnnxSegmentEngine engine = new OnnxSegmentEngine(EngineOptions.DEFAULT.withKeepWeights(true));
        begin(engine, 6, 12).close();
        assertThat(engine.loadedParts()).isEqualTo(7);
        engine.close();
        assertThat(engine.loadedParts()).isZero();
    }

    @Test
    @Timeout(120)
    void segmentsAtOnceSayWhatEachSaysAlone() throws Exception {
        Bundle bundle = TestBundles.hearth();
        ExecutorService threads = Executors.newFixedThreadPool(SEGMENTS);
        try (OnnxSegmentEngine engine = new OnnxSegmentEngine(EngineOptions.DEFAULT)) {
            List<int[]> alone = new ArrayList<>();
            for (int i = 0; i < SEGMENTS; i++) {
                alone.add(generate(engine, bundle, i));
            }
            List<Future<int[]>> together = new ArrayList<>();
            for (int i = 0; i < SEGMENTS; i++) {
                int index = i;
                together.add(threads.submit(() -> generate(engine, bundle, index)));
            }
            for (int i = 0; i < SEGMENTS; i++) {
                assertThat(together.get(i).get()).as("segment %d", i).isEqualTo(alone.get(i));
            }
        } finally {
            threads.shutdown();
            threads.awaitTermination(60, TimeUnit.SECONDS);
        }
    }

    private static int[] generate(SegmentEngine engine, Bundle bundle, int index) {
        int split = 1 + index;
        try (SplitModel model = new SplitModel(engine, bundle, split, 4, 8, Mode.FAST)) {
            return model.generate(new int[] {0, 1, 100 * index, 33, 2}, 60);
        }
    }

    private static Sequence begin(SegmentEngine engine, int from, int to) {
        SegmentSpec spec = new SegmentSpec(from, to, 8, Mode.FAST);
        return engine.begin(TestBundles.hearth(), spec, 64, KvPrecision.FLOAT32);
    }
}
