package dev.cleave.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cleave.model.EngineOptions;
import dev.cleave.model.KvPrecision;
import dev.cleave.model.Mode;
import dev.cleave.model.Output;
import dev.cleave.model.SegmentSpec;
import dev.cleave.model.Sequence;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.bundle.BundleFile;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A device that has the front's files alone computes what one with the whole bundle does, and names what it lacks. */
class FrontFilesTest {
    private static final int SPLIT = 3;
    private static final int BITS = 4;
    private static final int[] IDS = {1, 5, 7, 11};

    @Test
    void theFrontRunsAndTheRestIsNamed(@TempDir Path folder) throws IOException {
        Bundle whole = TestBundles.hearth();
        Files.copy(whole.folder().resolve("bundle.json"), folder.resolve("bundle.json"));
        for (BundleFile file : whole.files()) {
            if (file.role().equals(Bundle.TOKENIZER)
                    || file.bits() == BITS
                            && file.layer() < SPLIT
                            && !file.role().equals("head")) {
                Files.copy(whole.path(file), folder.resolve(file.path()));
            }
        }
        Bundle front = Bundle.open(folder);
        assertThat(front.missing()).isNotEmpty();
        try (OnnxSegmentEngine engine = new OnnxSegmentEngine(EngineOptions.DEFAULT.withThreads(1))) {
            assertThat(activations(engine, front)).isEqualTo(activations(engine, whole));
            assertThatThrownBy(() -> engine.begin(
                            front, new SegmentSpec(0, SPLIT + 1, BITS, Mode.EXACT), 8, KvPrecision.FLOAT32))
                    .hasMessageContaining("layer-003.q4.safetensors: is missing");
            assertThatThrownBy(
                            () -> engine.begin(front, new SegmentSpec(0, SPLIT, 8, Mode.EXACT), 8, KvPrecision.FLOAT32))
                    .hasMessageContaining(".q8.safetensors: is missing");
        }
    }

    private static float[] activations(OnnxSegmentEngine engine, Bundle bundle) {
        try (Sequence sequence =
                engine.begin(bundle, new SegmentSpec(0, SPLIT, BITS, Mode.EXACT), 8, KvPrecision.FLOAT32)) {
            FloatBuffer out = sequence.run(IDS, 0, IDS.length, 0, Output.ALL);
            float[] values = new float[IDS.length * bundle.architecture().hidden()];
            out.duplicate().get(values);
            return values;
        }
    }
}
