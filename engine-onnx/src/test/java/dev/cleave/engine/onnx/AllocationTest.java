package dev.cleave.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import dev.cleave.model.EngineOptions;
import dev.cleave.model.EngineProvider;
import dev.cleave.model.KvPrecision;
import dev.cleave.model.Mode;
import dev.cleave.model.Output;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.SegmentSpec;
import dev.cleave.model.Sequence;
import dev.cleave.model.bundle.Bundle;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A decode step's Java heap: a little for each layer, whatever the model's width, vocabulary or context. */
class AllocationTest {
    private static final int LAYERS = 12;
    private static final int WARM_UP = 40;
    private static final int STEPS = 20;

    @TempDir
    private Path folder;

    @Test
    void aStepAllocatesTheSameForEveryWidthVocabularyAndContext() throws IOException {
        Bundle small =
                TestBundles.prepare(RandomCheckpoint.write(folder.resolve("a"), LAYERS, 64, 256, 64), List.of(4));
        Bundle large =
                TestBundles.prepare(RandomCheckpoint.write(folder.resolve("b"), LAYERS, 256, 4096, 1024), List.of(4));
        try (SegmentEngine engine = EngineProvider.find().create(EngineOptions.DEFAULT)) {
            long ofSmall = bytesPerStep(engine, small);
            long ofLarge = bytesPerStep(engine, large);
            assertThat(ofSmall).isBetween(1L, 10_240L);
            assertThat(ofLarge).isCloseTo(ofSmall, within(256L));
        }
    }

    private static long bytesPerStep(SegmentEngine engine, Bundle bundle) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int[] id = {3};
        int context = bundle.architecture().context();
        try (Sequence segment =
                engine.begin(bundle, new SegmentSpec(0, LAYERS, 4, Mode.FAST), context, KvPrecision.FLOAT32)) {
            for (int i = 0; i < WARM_UP; i++) {
                segment.run(id, 0, 1, i, Output.LAST);
            }
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < STEPS; i++) {
                segment.run(id, 0, 1, WARM_UP + i, Output.LAST);
            }
            return (threads.getCurrentThreadAllocatedBytes() - before) / STEPS;
        }
    }
}
