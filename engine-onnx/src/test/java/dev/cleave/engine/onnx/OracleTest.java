package dev.cleave.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleave.model.EngineOptions;
import dev.cleave.model.EngineProvider;
import dev.cleave.model.Mode;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.oracle.Oracle;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Segments against a forward pass in plain Java that reads the same bundle. */
class OracleTest {
    private static final SegmentEngine ENGINE = EngineProvider.find().create(EngineOptions.DEFAULT);
    private static final int TOKENS = 128;
    private static final int FIRST_ID = 1;

    @AfterAll
    static void close() {
        ENGINE.close();
    }

    @Test
    void hearthAtEverySplitSaysWhatTheOracleSays() {
        checkEverySplit(TestBundles.hearth());
    }

    @Test
    void storiesAtEverySplitSaysWhatTheOracleSays() {
        checkEverySplit(TestBundles.stories());
    }

    private static void checkEverySplit(Bundle bundle) {
        Story story = Story.of(bundle, 0, 16, 16);
        for (int split = 0; split <= bundle.architecture().layers(); split++) {
            try (SplitModel model = new SplitModel(ENGINE, bundle, split, 16, 16, Mode.EXACT)) {
                for (int i = 0; i < TOKENS; i++) {
                    float[] logits = model.run(i, story.ids[i])[0];
                    assertThat(Oracle.argmax(logits))
                            .as("split %d, token %d", split, i)
                            .isEqualTo(story.ids[i + 1]);
                    assertThat(Differences.greatest(logits, story.logits[i]))
                            .as("split %d, token %d", split, i)
                            .isLessThan(1e-3);
                }
            }
        }
    }

    /** The oracle dequantizes by the documented format: equal logits mean that codes, scales and blocks are read alike. */
    @ParameterizedTest
    @CsvSource({"8,8", "4,8", "4,4", "2,8", "2,2"})
    void everyWidthComputesWithTheWeightsOfItsFiles(int frontBits, int backBits) {
        Bundle bundle = TestBundles.hearth();
        Story story = Story.of(bundle, 6, frontBits, backBits);
        try (SplitModel model = new SplitModel(ENGINE, bundle, 6, frontBits, backBits, Mode.EXACT)) {
            for (int i = 0; i < TOKENS; i++) {
                float[] logits = model.run(i, story.ids[i])[0];
                assertThat(Differences.greatest(logits, story.logits[i]))
                        .as("token %d", i)
                        .isLessThan(1e-3);
            }
        }
    }

    /** Int8 activations move this model's logits by 0.7 % to 0.9 % of their root mean square; a wrong scale moves them by far more. */
    @ParameterizedTest
    @CsvSource({"8,8", "4,8", "4,4", "2,8"})
    void fastStaysNearTheOracle(int frontBits, int backBits) {
        Bundle bundle = TestBundles.hearth();
        Story story = Story.of(bundle, 6, frontBits, backBits);
        float[][] logits = new float[TOKENS][];
        try (SplitModel model = new SplitModel(ENGINE, bundle, 6, frontBits, backBits, Mode.FAST)) {
            for (int i = 0; i < TOKENS; i++) {
                logits[i] = model.run(i, story.ids[i])[0];
            }
        }
        double relative = Differences.relative(logits, story.logits);
        assertThat(relative).isLessThan(0.02);
    }

    /** What the oracle makes of the first id: the ids, greedily, and the logits behind each. */
    private record Story(int[] ids, float[][] logits) {
        private static Story of(Bundle bundle, int split, int frontBits, int backBits) {
            Oracle oracle = new Oracle(bundle.folder(), bundle.architecture(), split, frontBits, backBits);
            int[] ids = new int[TOKENS + 1];
            float[][] logits = new float[TOKENS][];
            ids[0] = FIRST_ID;
            for (int i = 0; i < TOKENS; i++) {
                logits[i] = oracle.next(ids[i]);
                ids[i + 1] = Oracle.argmax(logits[i]);
            }
            return new Story(ids, logits);
        }
    }
}
