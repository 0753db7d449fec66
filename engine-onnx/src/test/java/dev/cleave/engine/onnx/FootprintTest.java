package dev.cleave.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cleave.model.Mode;
import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import dev.cleave.model.Output;
import dev.cleave.model.Segment;
import dev.cleave.model.SegmentSpec;
import dev.cleave.model.bundle.Bundle;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is said before a segment is opened is what the opened one says. */
class FootprintTest {
    static Stream<SegmentSpec> specs() {
        return Stream.of(Mode.values())
                .flatMap(mode -> Stream.of(2, 4, 8, 16)
                        .flatMap(bits -> Stream.of(1, 6, 11, 12)
                                .flatMap(to -> Stream.of(100, 256)
                                        .map(length -> new SegmentSpec(0, to, bits, length, mode)))));
    }

    @ParameterizedTest
    @MethodSource("specs")
    void isWhatTheOpenedSegmentReports(SegmentSpec spec) {
        Bundle bundle = TestBundles.hearth();
        // An engine of its own: a workspace that another segment gave back may hold more logits.
        try (OnnxSegmentEngine engine = new OnnxSegmentEngine();
                Segment segment = engine.open(bundle, spec)) {
            segment.run(new int[] {1, 2, 3}, 0, 3, 0, Output.LAST);

            assertThat(OnnxFootprint.of(bundle, spec, OnnxEngineOptions.DEFAULT.chunk()))
                    .isEqualTo(segment.memory());
        }
    }

    @Test
    void backSegmentsCountTheirOwnLayersOnly() {
        Bundle bundle = TestBundles.hearth();
        SegmentSpec back = new SegmentSpec(7, 12, 8, 64, Mode.FAST);
        OnnxFootprint footprint = new OnnxFootprint(bundle, Mode.FAST);

        assertThat(footprint.segment(back, 128).weights())
                .isEqualTo(footprint.headBytes(8)
                        + Stream.of(7, 8, 9, 10, 11)
                                .mapToLong(layer -> footprint.layerBytes(8, layer))
                                .sum());
        assertThat(footprint.segment(back, 128).kv()).isEqualTo(5 * footprint.kvBytes(64));
        try (OnnxSegmentEngine engine = new OnnxSegmentEngine();
                Segment segment = engine.open(bundle, back)) {
            segment.hiddenInput().put(0, 1);
            segment.run(1, 0, Output.LAST);
            assertThat(segment.memory()).isEqualTo(footprint.segment(back, 128));
        }
    }

    @Test
    void aMissingWidthOrLayerIsOutOfRange() {
        OnnxFootprint footprint = new OnnxFootprint(TestBundles.hearth(), Mode.FAST);

        assertThatThrownBy(() -> footprint.layerBytes(3, 0))
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.reason()).isEqualTo(Reason.OUT_OF_RANGE))
                .hasMessageContaining("3 bits");
        assertThatThrownBy(() -> footprint.layerBytes(4, 12)).hasMessageContaining("layer 12");
    }
}
