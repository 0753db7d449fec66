package dev.cleave.model.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SamplerTest {
    private static SamplingOptions options(double temperature, int topK, double topP) {
        return new SamplingOptions((float) temperature, topK, (float) topP, 42);
    }

    private static float[] gaussian(long seed, int vocabulary, double deviation) {
        Random random = new Random(seed);
        float[] logits = new float[vocabulary];
        for (int i = 0; i < vocabulary; i++) {
            logits[i] = (float) (deviation * random.nextGaussian());
        }
        return logits;
    }

    @Test
    void greedyTakesTheGreatestAndOfEqualOnesTheLowestId() {
        Sampler sampler = new Sampler(5, SamplingOptions.GREEDY);

        assertThat(sampler.sample(FloatBuffer.wrap(new float[] {1, 3, -2, 3, 0}), 0, 0))
                .isEqualTo(1);
        assertThat(sampler.sample(FloatBuffer.wrap(new float[] {-5, -4, -0f, 0f, -7}), 0, 1))
                .isEqualTo(2);
    }

    @Test
    void readsItsRowAndLeavesThePositionAlone() {
        FloatBuffer rows = ByteBuffer.allocateDirect(4 * 9)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer()
                .put(new float[] {9, 0, 0, 0, 0, 9, 0, 9, 0});
        rows.position(2);

        assertThat(new Sampler(3, SamplingOptions.GREEDY).sample(rows, 3, 0)).isEqualTo(2);
        assertThat(new Sampler(3, options(0.5, 2, 0.9)).sample(rows, 6, 0)).isEqualTo(1);
        assertThat(rows.position()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({
        "0.7, 0, 1",
        "1, 0, 1",
        "1, 5, 1",
        "1.5, 0, 0.9",
        "0.8, 20, 0.95",
        "10, 3, 0.5",
        "0.01, 40, 0.5",
        "1, 1, 1",
        "2, 1000, 0.999",
        "1, 0, 0.0001",
    })
    void choosesAsTheDefinitionDoes(double temperature, int topK, double topP) {
        SamplingOptions options = options(temperature, topK, topP);
        for (int round = 0; round < 300; round++) {
            int vocabulary = 1 + round * 7 % 500;
            float[] logits = gaussian(round, vocabulary, 0.5 + round % 5);
            for (int i = 3; i < vocabulary; i += 4) {
                // Equal logits at every cut.
                logits[i] = logits[i - 3];
            }
            logits[vocabulary / 2] = vocabulary > 2 ? Float.NEGATIVE_INFINITY : 0;
            TreeMap<Integer, Double> expected = NaiveSampling.kept(logits, options);
            Sampler sampler = new Sampler(vocabulary, options);
            for (int position = 0; position < 20; position++) {
                int id = sampler.sample(FloatBuffer.wrap(logits), 0, position);

                assertThat(id)
                        .as("round %d, position %d", round, position)
                        .isEqualTo(NaiveSampling.choose(expected, SplitMix.uniform(42, position)));
                assertThat(sampler.lastLogProbability())
                        .isCloseTo(NaiveSampling.logProbability(logits, id), within(1e-9));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 0, 0.95", "0.7, 50, 0.9", "1, 0, 1", "3, 1000, 0.99"})
    void choosesAsTheDefinitionDoesFromALargeVocabulary(double temperature, int topK, double topP) {
        SamplingOptions options = options(temperature, topK, topP);
        float[] logits = gaussian(7, 128_256, 3);
        TreeMap<Integer, Double> expected = NaiveSampling.kept(logits, options);
        Sampler sampler = new Sampler(logits.length, options);
        for (int position = 0; position < 50; position++) {
            assertThat(sampler.sample(FloatBuffer.wrap(logits), 0, position))
                    .isEqualTo(NaiveSampling.choose(expected, SplitMix.uniform(42, position)));
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 0, 1, 1", "0.7, 0, 1, 2", "1, 6, 1, 3", "1.3, 0, 0.8, 4", "0.9, 12, 0.9, 5"})
    void drawsByTheProbabilities(double temperature, int topK, double topP, long seed) {
        SamplingOptions options = new SamplingOptions((float) temperature, topK, (float) topP, seed);
        float[] logits = gaussian(seed, 20, 1);
        Sampler sampler = new Sampler(logits.length, options);
        int draws = 100_000;
        int[] counts = new int[logits.length];
        for (int position = 0; position < draws; position++) {
            counts[sampler.sample(FloatBuffer.wrap(logits), 0, position)]++;
        }
        TreeMap<Integer, Double> expected = NaiveSampling.kept(logits, options);
        double chiSquare = 0;
        for (int id = 0; id < counts.length; id++) {
            double mean = draws * expected.getOrDefault(id, 0.0);
            if (mean == 0) {
                assertThat(counts[id]).as("token %d was left out", id).isZero();
            } else {
                chiSquare += (counts[id] - mean) * (counts[id] - mean) / mean;
            }
        }
        int freedom = expected.size() - 1;
        // Wilson and Hilferty's approximation of the quantile at 1 - 1e-5.
        double spread = 2.0 / (9 * freedom);
        double limit = freedom * Math.pow(1 - spread + 4.265 * Math.sqrt(spread), 3);
        assertThat(chiSquare).isLessThan(limit);
    }

    @Test
    void drawsTheSameAtAPositionWhateverCameBefore() {
        SamplingOptions options = options(1, 40, 0.95);
        int[] forward = new int[200];
        Sampler sampler = new Sampler(300, options);
        for (int position = 0; position < 200; position++) {
            forward[position] = sampler.sample(FloatBuffer.wrap(gaussian(position, 300, 2)), 0, position);
        }
        Sampler other = new Sampler(300, options);
        for (int position = 199; position >= 0; position -= 3) {
            assertThat(other.sample(FloatBuffer.wrap(gaussian(position, 300, 2)), 0, position))
                    .isEqualTo(forward[position]);
        }
        assertThat(forward).doesNotContain(-1).satisfies(ids -> assertThat(ids).isNotEqualTo(new int[200]));
    }

    @Test
    void anotherSeedDrawsOtherTokens() {
        float[] logits = new float[1000];
        Sampler one = new Sampler(1000, new SamplingOptions(1, 0, 1, 1));
        Sampler two = new Sampler(1000, new SamplingOptions(1, 0, 1, 2));
        int equal = 0;
        for (int position = 0; position < 1000; position++) {
            if (one.sample(FloatBuffer.wrap(logits), 0, position)
                    == two.sample(FloatBuffer.wrap(logits), 0, position)) {
                equal++;
            }
        }
        assertThat(equal).isLessThan(20);
    }

    @Test
    void allocatesNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        FloatBuffer logits = FloatBuffer.wrap(gaussian(1, 32_000, 2));
        for (SamplingOptions options :
                new SamplingOptions[] {SamplingOptions.GREEDY, options(1, 0, 1), options(1, 0, 0.9), options(1, 40, 0.9)
                }) {
            Sampler sampler = new Sampler(32_000, options);
            sampler.sample(logits, 0, 0);
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int position = 0; position < 100; position++) {
                sampler.sample(logits, 0, position);
            }
            assertThat(threads.getCurrentThreadAllocatedBytes() - before)
                    .as("%s", options)
                    .isLessThan(100);
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {0, 1})
    void refusesLogitsThatAreNoNumbers(float temperature) {
        Sampler sampler = new Sampler(3, new SamplingOptions(temperature, 0, 1, 0));
        float infinity = Float.POSITIVE_INFINITY;

        assertThatThrownBy(() -> sampler.sample(FloatBuffer.wrap(new float[] {1, 2, Float.NaN}), 0, 0))
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.reason()).isEqualTo(Reason.ENGINE))
                .hasMessage("logit 2 of 3 is NaN");
        assertThatThrownBy(() -> sampler.sample(FloatBuffer.wrap(new float[] {1, infinity, 3}), 0, 0))
                .hasMessage("logit 1 of 3 is infinite");
        assertThatThrownBy(() -> sampler.sample(FloatBuffer.wrap(new float[] {-infinity, -infinity, -infinity}), 0, 0))
                .hasMessage("all 3 logits are negative infinity");
    }

    @ParameterizedTest
    @CsvSource({
        "-1, 0, 1, temperature",
        "0.001, 0, 1, temperature",
        "11, 0, 1, temperature",
        "NaN, 0, 1, temperature",
        "1, -1, 1, top-k",
        "1, 0, 0, top-p",
        "1, 0, 1.5, top-p",
        "0, 0, NaN, top-p",
    })
    void refusesOptionsOutsideTheirRange(float temperature, int topK, float topP, String named) {
        SamplingOptions options = new SamplingOptions(temperature, topK, topP, 0);

        assertThatThrownBy(() -> Sampler.validate(options))
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.reason()).isEqualTo(Reason.OUT_OF_RANGE))
                .hasMessageStartingWith(named + " must be");
    }
}
