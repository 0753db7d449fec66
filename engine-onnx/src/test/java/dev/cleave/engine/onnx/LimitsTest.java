package dev.cleave.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cleave.model.EngineOptions;
import dev.cleave.model.EngineProvider;
import dev.cleave.model.KvPrecision;
import dev.cleave.model.Mode;
import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import dev.cleave.model.Output;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.SegmentSpec;
import dev.cleave.model.Sequence;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.bundle.Preparation;
import dev.cleave.model.bundle.PreparationOptions;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is out of range is said to be, with the value and the limit. */
class LimitsTest {
    private static final SegmentEngine ENGINE = EngineProvider.find().create(EngineOptions.DEFAULT);

    @AfterAll
    static void close() {
        ENGINE.close();
    }

    @ParameterizedTest
    @CsvSource({
        "-1, 3, 4, 64, layers -1..3",
        "3, 3, 4, 64, layers 3..3",
        "0, 13, 4, 64, layers 0..13",
        "0, 12, 3, 64, bits=3",
        "0, 12, 4, 0, maxLength=0",
        "0, 12, 4, 257, maxLength=257"
    })
    void openingChecksItsSpec(int from, int to, int bits, int maxLength, String told) {
        SegmentSpec spec = new SegmentSpec(from, to, bits, Mode.FAST);
        assertOutOfRange(() -> ENGINE.begin(TestBundles.hearth(), spec, maxLength, KvPrecision.FLOAT32), told);
    }

    @Test
    void runningChecksIdsPositionsAndLengths() {
        int[] ids = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
        try (Sequence segment =
                ENGINE.begin(TestBundles.hearth(), new SegmentSpec(0, 12, 4, Mode.FAST), 8, KvPrecision.FLOAT32)) {
            assertThat(segment.chunk()).isEqualTo(8);
            assertOutOfRange(() -> segment.run(ids, 0, 9, 0, Output.LAST), "tokens=9", "1..8");
            assertOutOfRange(() -> segment.run(ids, 0, 0, 0, Output.LAST), "tokens=0");
            assertOutOfRange(() -> segment.run(ids, 9, 2, 0, Output.LAST), "from=9", "10 ids");
            assertOutOfRange(() -> segment.run(ids, 0, 1, 1, Output.LAST), "position=1", "0 tokens");
            assertOutOfRange(() -> segment.run(ids, 0, 1, -1, Output.LAST), "position=-1");
            assertOutOfRange(() -> segment.run(new int[] {5, 2048}, 0, 2, 0, Output.LAST), "2048", "index 1", "2047");
            assertOutOfRange(() -> segment.run(new int[] {-1}, 0, 1, 0, Output.LAST), "-1");
            segment.run(ids, 0, 6, 0, Output.LAST);
            assertOutOfRange(() -> segment.run(ids, 0, 3, 6, Output.LAST), "make 9", "begun for 8");
            assertThat(segment.length()).isEqualTo(6);
            segment.run(ids, 0, 2, 6, Output.LAST);
            assertThat(segment.length()).isEqualTo(8);
        }
    }

    @Test
    void idsAndActivationsAreNotMixedUp() {
        try (Sequence front = ENGINE.begin(
                        TestBundles.hearth(), new SegmentSpec(0, 1, 4, Mode.FAST), 8, KvPrecision.FLOAT32);
                Sequence back = ENGINE.begin(
                        TestBundles.hearth(), new SegmentSpec(1, 12, 4, Mode.FAST), 8, KvPrecision.FLOAT32)) {
            assertThatIllegalStateException().isThrownBy(front::hiddenInput);
            assertThatIllegalStateException().isThrownBy(() -> front.run(1, 0, Output.LAST));
            assertThatIllegalStateException().isThrownBy(() -> back.run(new int[] {1}, 0, 1, 0, Output.LAST));
        }
    }

    @Test
    void closingTwiceIsFineAndAClosedSegmentSaysSo() {
        Sequence segment =
                ENGINE.begin(TestBundles.hearth(), new SegmentSpec(0, 1, 4, Mode.FAST), 8, KvPrecision.FLOAT32);
        segment.close();
        segment.close();
        assertThatIllegalStateException().isThrownBy(() -> segment.run(new int[] {1}, 0, 1, 0, Output.LAST));
        assertThatIllegalStateException().isThrownBy(segment::footprint);
    }

    @Test
    void aFileCutOffBehindTheEnginesBackIsADamagedBundle(@TempDir Path folder) throws IOException {
        Path hearth = Path.of(System.getProperty("cleave.root"), "models", "hearth-5m");
        Bundle bundle = Preparation.prepare(PreparationOptions.of(hearth, folder.resolve("cut"), List.of(4)));
        Path layer = bundle.folder().resolve(bundle.file("layer", 4, 5).path());
        try (RandomAccessFile file = new RandomAccessFile(layer.toFile(), "rw")) {
            file.setLength(file.length() / 2);
        }
        try (OnnxSegmentEngine engine = new OnnxSegmentEngine(EngineOptions.DEFAULT)) {
            assertThatThrownBy(() -> engine.begin(bundle, new SegmentSpec(0, 12, 4, Mode.FAST), 8, KvPrecision.FLOAT32))
                    .isInstanceOfSatisfying(
                            ModelException.class, e -> assertThat(e.reason()).isEqualTo(Reason.DAMAGED_BUNDLE))
                    .hasMessageContaining("layer-005");
            assertThat(engine.loadedParts()).isZero();
        }
    }

    private static void assertOutOfRange(ThrowingCallable call, String... told) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.reason()).isEqualTo(Reason.OUT_OF_RANGE))
                .hasMessageContainingAll(told);
    }
}
