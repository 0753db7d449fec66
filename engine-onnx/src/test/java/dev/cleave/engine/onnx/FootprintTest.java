package dev.cleave.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cleave.model.EngineOptions;
import dev.cleave.model.EngineProvider;
import dev.cleave.model.EngineProvider.Prediction;
import dev.cleave.model.KvPrecision;
import dev.cleave.model.Mode;
import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import dev.cleave.model.Output;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.SegmentSpec;
import dev.cleave.model.Sequence;
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
                        .flatMap(bits -> Stream.of(1, 6, 11, 12).map(to -> new SegmentSpec(0, to, bits, mode))));
    }

    @ParameterizedTest
    @MethodSource("specs")
    void isWhatTheOpenedSegmentReports(SegmentSpec spec) {
        Bundle bundle = TestBundles.hearth();
        for (int length : new int[] {100, 256}) {
            for (KvPrecision kv : KvPrecision.values()) {
                // An engine of its own: a workspace that another sequence gave back may hold more logits.
                try (SegmentEngine engine = EngineProvider.find().create(EngineOptions.DEFAULT);
                        Sequence sequence = engine.begin(bundle, spec, length, kv)) {
                    sequence.run(new int[] {1, 2, 3}, 0, 3, 0, Output.LAST);

                    Prediction predicted =
                            EngineProvider.find().predict(bundle, spec, length, kv, EngineOptions.DEFAULT);
                    assertThat(predicted.segment()).isEqualTo(sequence.segment().footprint());
                    assertThat(predicted.sequence()).isEqualTo(sequence.footprint());
                    assertThat(predicted.total()).isEqualTo(sequence.wholeFootprint());
                }
            }
        }
    }

    @Test
    void backSegmentsCountTheirOwnLayersOnly() {
        Bundle bundle = TestBundles.hearth();
        SegmentSpec back = new SegmentSpec(7, 12, 8, Mode.FAST);
        OnnxFootprint footprint = new OnnxFootprint(bundle, Mode.FAST);
        Prediction predicted = footprint.predict(back, 64, KvPrecision.FLOAT32, 128);

        assertThat(footprint.segment(back).weights())
                .isEqualTo(footprint.headBytes(8)
                        + Stream.of(7, 8, 9, 10, 11)
                                .mapToLong(layer -> footprint.layerBytes(8, layer))
                                .sum());
        assertThat(predicted.sequence().kv()).isEqualTo(5 * footprint.kvBytes(64));
        try (SegmentEngine engine = EngineProvider.find().create(EngineOptions.DEFAULT);
                Sequence segment = engine.begin(bundle, back, 64, KvPrecision.FLOAT32)) {
            segment.hiddenInput().put(0, 1);
            segment.run(1, 0, Output.LAST);
            assertThat(segment.wholeFootprint()).isEqualTo(predicted.total());
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
