package dev.cleave.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.cleave.model.EngineOptions;
import dev.cleave.model.EngineProvider;
import dev.cleave.model.Mode;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.oracle.Oracle;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Small random checkpoints with what an independent float32 implementation computes for them: their weights are exact in
 * float16.
 */
class GoldenTest {
    private static final SegmentEngine ENGINE = EngineProvider.find().create(EngineOptions.DEFAULT);

    @AfterAll
    static void close() {
        ENGINE.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-3-rope", "mistral", "qwen2"})
    void everySplitComputesTheExpectedLogits(String name) throws Exception {
        Expected expected = Expected.read(checkpoint(name).resolve("expected.json"));
        Bundle bundle = TestBundles.prepare(checkpoint(name), List.of(16));
        for (int split = 0; split <= bundle.architecture().layers(); split++) {
            try (SplitModel model = new SplitModel(ENGINE, bundle, split, 16, 16, Mode.EXACT)) {
                float[] logits = {};
                for (int i = 0; i < expected.ids.length; i++) {
                    logits = model.run(i, expected.ids[i])[0];
                    assertThat(Oracle.argmax(logits))
                            .as("split %d, position %d", split, i)
                            .isEqualTo(expected.argmax[i]);
                }
                assertThat(logits).hasSameSizeAs(expected.lastLogits);
                assertThat(Differences.greatest(logits, expected.lastLogits)).isLessThan(2e-3);
            }
        }
    }

    /** Who checks the oracle? The same expectations. */
    @ParameterizedTest
    @ValueSource(strings = {"llama-3-rope", "mistral", "qwen2"})
    void theOracleComputesThemToo(String name) throws Exception {
        Expected expected = Expected.read(checkpoint(name).resolve("expected.json"));
        Bundle bundle = TestBundles.prepare(checkpoint(name), List.of(16));
        Oracle oracle = new Oracle(bundle.folder(), bundle.architecture(), 0, 16, 16);
        float[] logits = {};
        for (int i = 0; i < expected.ids.length; i++) {
            logits = oracle.next(expected.ids[i]);
            assertThat(Oracle.argmax(logits)).as("position %d", i).isEqualTo(expected.argmax[i]);
        }
        assertThat(Differences.greatest(logits, expected.lastLogits)).isLessThan(2e-3);
    }

    private static Path checkpoint(String name) throws URISyntaxException {
        return Path.of(GoldenTest.class.getResource("/golden/" + name).toURI());
    }

    private record Expected(int[] ids, int[] argmax, float[] lastLogits) {
        private static Expected read(Path file) throws IOException {
            Map<String, List<Double>> fields = new HashMap<>();
            try (JsonParser json = new JsonFactory().createParser(file.toFile())) {
                json.nextToken();
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    String name = json.currentName();
                    json.nextToken();
                    List<Double> values = fields.computeIfAbsent(name, n -> new ArrayList<>());
                    while (json.nextToken() != JsonToken.END_ARRAY) {
                        values.add(json.getDoubleValue());
                    }
                }
            }
            List<Double> last = fields.get("lastLogits");
            float[] lastLogits = new float[last.size()];
            for (int i = 0; i < lastLogits.length; i++) {
                lastLogits[i] = last.get(i).floatValue();
            }
            return new Expected(ints(fields.get("ids")), ints(fields.get("argmaxPerPosition")), lastLogits);
        }

        private static int[] ints(List<Double> values) {
            return values.stream().mapToInt(Double::intValue).toArray();
        }
    }
}
