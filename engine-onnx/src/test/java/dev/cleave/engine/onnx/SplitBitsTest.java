package dev.cleave.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleave.model.EngineOptions;
import dev.cleave.model.EngineProvider;
import dev.cleave.model.KvPrecision;
import dev.cleave.model.Mode;
import dev.cleave.model.Output;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.SegmentSpec;
import dev.cleave.model.Sequence;
import dev.cleave.model.bundle.Bundle;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a chain of layers is cut changes no bit of what it computes. */
class SplitBitsTest {
    private static final SegmentEngine ENGINE = EngineProvider.find().create(EngineOptions.DEFAULT);
    private static final int[] PROMPT = {0, 1, 300, 17, 900, 41, 2};
    private static final int STEPS = 12;

    @AfterAll
    static void close() {
        ENGINE.close();
    }

    @ParameterizedTest
    @CsvSource({
        "8,8,FAST",
        "4,8,FAST",
        "4,4,FAST",
        "2,8,FAST",
        "8,8,EXACT",
        "4,8,EXACT",
        "4,4,EXACT",
        "2,8,EXACT",
        "16,16,EXACT"
    })
    void moreSegmentsGiveTheSameBits(int frontBits, int backBits, Mode mode) {
        List<float[]> few = run(mode, cut(0, 6, frontBits), cut(6, 12, backBits));
        List<float[]> many = run(
                mode,
                cut(0, 1, frontBits),
                cut(1, 6, frontBits),
                cut(6, 7, backBits),
                cut(7, 11, backBits),
                cut(11, 12, backBits));
        assertThat(many).usingRecursiveFieldByFieldElementComparator().containsExactlyElementsOf(few);
        if (frontBits == backBits) {
            List<float[]> one = run(mode, cut(0, 12, frontBits));
            assertThat(one).usingRecursiveFieldByFieldElementComparator().containsExactlyElementsOf(few);
        }
    }

    private record Cut(int from, int to, int bits) {}

    private static Cut cut(int from, int to, int bits) {
        return new Cut(from, to, bits);
    }

    private static List<float[]> run(Mode mode, Cut... cuts) {
        Bundle bundle = TestBundles.hearth();
        List<Sequence> segments = new ArrayList<>();
        List<float[]> results = new ArrayList<>();
        try {
            for (Cut cut : cuts) {
                segments.add(ENGINE.begin(
                        bundle, new SegmentSpec(cut.from(), cut.to(), cut.bits(), mode), 64, KvPrecision.FLOAT32));
            }
            results.add(step(segments, PROMPT, 0));
            for (int i = 0; i < STEPS; i++) {
                results.add(step(segments, new int[] {100 + 7 * i}, PROMPT.length + i));
            }
        } finally {
            segments.forEach(Sequence::close);
        }
        return results;
    }

    private static float[] step(List<Sequence> segments, int[] ids, int position) {
        FloatBuffer result = segments.get(0).run(ids, 0, ids.length, position, Output.ALL);
        for (Sequence next : segments.subList(1, segments.size())) {
            next.hiddenInput().put(0, result, 0, result.remaining());
            result = next.run(ids.length, position, Output.ALL);
        }
        float[] logits = new float[result.remaining()];
        result.get(logits);
        return logits;
    }
}
