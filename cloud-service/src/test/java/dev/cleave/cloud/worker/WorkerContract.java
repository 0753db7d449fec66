package dev.cleave.cloud.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleave.generation.Cancellation;
import dev.cleave.generation.FinishReason;
import dev.cleave.generation.GenerationResult;
import dev.cleave.generation.SplitConfig;
import dev.cleave.generation.backend.DeviceModel;
import dev.cleave.generation.link.LinkProbe;
import dev.cleave.generation.loop.Generator;
import dev.cleave.model.EngineOptions;
import dev.cleave.model.EngineProvider;
import dev.cleave.model.KvPrecision;
import dev.cleave.model.Mode;
import dev.cleave.model.Output;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.SegmentSpec;
import dev.cleave.model.Sequence;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.oracle.Oracle;
import dev.cleave.model.sampling.SamplingOptions;
import dev.cleave.optimizer.profile.LinkProfile;
import dev.cleave.transport.Timeouts;
import dev.cleave.transport.broker.TestBroker;
import dev.cleave.transport.device.DeviceLink;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What crosses a broker is what two segments in one process compute. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class WorkerContract {
    private static final String PROMPT = "Turn on the kitchen light in half an hour";
    private static final long LEAST_PROBE = 48 * 1024;
    private static final String ANSWER =
            "{\"action\":\"on\",\"device\":\"light\",\"room\":\"kitchen\",\"delay_min\":30}";

    private final ConcurrentSkipListMap<Integer, float[]> seen = new ConcurrentSkipListMap<>();
    private final SegmentEngine engine = EngineProvider.find().create(EngineOptions.DEFAULT.withThreads(1));
    private TestBroker broker;
    private RunningWorker worker;

    abstract TestBroker start(Path folder) throws Exception;

    @BeforeAll
    void startWorker(@TempDir Path folder) throws Exception {
        broker = start(folder);
        worker = new RunningWorker(broker.uri(), (session, position, rows, logits) -> {
            float[] row = new float[worker.bundle.architecture().vocabulary()];
            logits.get((rows - 1) * row.length, row);
            seen.put(position + rows - 1, row);
        });
    }

    @AfterAll
    void stopAll() {
        if (worker != null) {
            worker.close();
        }
        engine.close();
        if (broker != null) {
            broker.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"8,8,FAST", "4,8,FAST", "4,4,FAST", "2,8,FAST", "8,8,EXACT", "4,8,EXACT", "4,4,EXACT", "2,8,EXACT"})
    void logitsAreThoseOfTheSameSegmentsInOneProcess(int frontBits, int backBits, Mode mode) {
        SplitConfig config = RunningWorker.config(6, frontBits, backBits, "lossless", mode);
        int[] prompt = worker.tokenizer.encode(PROMPT, true);
        seen.clear();
        GenerationResult result = worker.answer(engine, "d1", config, prompt, 24, SamplingOptions.GREEDY);
        Bundle bundle = worker.bundle;
        int context = bundle.architecture().context();
        try (Sequence front =
                        engine.begin(bundle, new SegmentSpec(0, 6, frontBits, mode), context, KvPrecision.FLOAT32);
                Sequence back =
                        engine.begin(bundle, new SegmentSpec(6, 12, backBits, mode), context, KvPrecision.FLOAT32)) {
            int[] step = prompt;
            int position = 0;
            List<Integer> ids = new ArrayList<>();
            while (ids.size() < result.tokenIds().size()) {
                FloatBuffer hidden = front.run(step, 0, step.length, position, Output.ALL);
                back.hiddenInput().put(0, hidden, 0, hidden.remaining());
                FloatBuffer logits = back.run(step.length, position, Output.LAST);
                position += step.length;
                float[] row = new float[logits.remaining()];
                logits.get(0, row);
                assertThat(seen.get(position - 1))
                        .as("logits at %d", position - 1)
                        .isEqualTo(row);
                ids.add(Oracle.argmax(row));
                step = new int[] {ids.get(ids.size() - 1)};
            }
            assertThat(result.tokenIds()).isEqualTo(ids);
        }
    }

    @Test
    void atSixteenBitsEverySplitSaysWhatTheOracleSays() {
        Bundle bundle = worker.bundle;
        int[] prompt = worker.tokenizer.encode("Tell me a story about a cat.", true);
        Oracle oracle = new Oracle(bundle.folder(), bundle.architecture(), 0, 16, 16);
        float[] logits = null;
        for (int id : prompt) {
            logits = oracle.next(id);
        }
        List<Integer> expected = new ArrayList<>();
        while (expected.size() < 128 && !bundle.stopIds().contains(Oracle.argmax(logits))) {
            expected.add(Oracle.argmax(logits));
            logits = oracle.next(expected.get(expected.size() - 1));
        }
        for (int split = 0; split < bundle.architecture().layers(); split++) {
            SplitConfig config = RunningWorker.config(split, 16, 16, "lossless", Mode.EXACT);
            assertThat(worker.answer(engine, "d1", config, prompt, 128, SamplingOptions.GREEDY)
                            .tokenIds())
                    .as("split %d", split)
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource({"lossless,6", "bf16,6", "int8,6", "int8,1", "int8,11", "int8,0"})
    void theDefaultPromptIsAnswered(String link, int split) {
        GenerationResult result =
                worker.answer(engine, "d1", RunningWorker.config(split, 4, 8, link, Mode.FAST), PROMPT, 64);
        assertThat(result.text()).isEqualTo(ANSWER);
        assertThat(result.finishReason()).isEqualTo(FinishReason.STOP);
    }

    @Test
    void aSessionMeasuresTheLink() throws InterruptedException {
        try (DeviceLink link = worker.connect("probe", Timeouts.DEFAULT)) {
            long before = link.traffic().bytesUp();
            LinkProfile profile = LinkProbe.measure(link, "probe", worker.bundle, 12, Duration.ofSeconds(60));
            long sent = link.traffic().bytesUp() - before;

            plausible(profile, 12, sent);
            // One pair more warms up.
            assertThat(sent).isBetween(13L * LEAST_PROBE, 13L * 2 * LEAST_PROBE);
        }
        assertThat(worker.becomesIdle()).isTrue();
    }

    /** However short the limit is: one bad moment is no measurement. */
    @Test
    void aProbeMakesAFewPairsAtLeast() {
        try (DeviceLink link = worker.connect("probe", Timeouts.DEFAULT)) {
            LinkProfile profile = LinkProbe.measure(link, "probe", worker.bundle, 200, Duration.ZERO);

            assertThat(profile.samples()).hasSize(3);
        }
    }

    @Test
    void theStepsOfAnAnswerAreSamplesOfItsLink() {
        Bundle bundle = worker.bundle;
        SplitConfig config = RunningWorker.config(6, 4, 8, "lossless", Mode.FAST);
        int[] ids = new int[64];
        Arrays.fill(ids, worker.tokenizer.encode("a", false)[0]);
        try (DeviceModel model = DeviceModel.open(bundle, worker.tokenizer, engine, config, 256);
                DeviceLink link = worker.connect("d1", Timeouts.DEFAULT);
                Generator generator = Generator.overLink(model, link, "d1", SamplingOptions.GREEDY)) {
            // 64 rows of 192 values are 48 KiB, in one step.
            GenerationResult result = generator.generate(ids, 30, text -> {}, new Cancellation());

            int steps = result.timings().decodeSteps();
            assertThat(steps).isPositive();
            plausible(
                    generator.window().orElseThrow().profile(),
                    steps,
                    link.traffic().bytesUp());
        }
    }

    private static void plausible(LinkProfile profile, int samples, long sent) {
        assertThat(profile.samples()).hasSize(samples).allSatisfy(sample -> {
            assertThat(sample.roundTripMillis()).isBetween(0.0, 60_000.0);
            assertThat(sample.bytesPerMilli()).isBetween(1.0, 1e8);
            assertThat(sample.jitterMillis()).isBetween(0.0, 60_000.0);
        });
        assertThat(profile.samples())
                .anySatisfy(sample -> assertThat(sample.roundTripMillis())
                        .as("a broker and two sockets take some time")
                        .isPositive());
        assertThat(profile.samples())
                .anySatisfy(sample -> assertThat(sample.jitterMillis())
                        .as("the median itself has none")
                        .isZero());
        assertThat(profile.overheadBytes())
                .as("topic, Protobuf and MQTT round a frame")
                .isBetween(20, 200)
                .isLessThan((int) Math.min(Integer.MAX_VALUE, sent));
        assertThat(profile.idsBytes()).isBetween(profile.overheadBytes() + 1, profile.overheadBytes() + 8);
    }

    @Test
    void aSeedGivesTheSameTextAgainAndAnotherSeedAnother() {
        SplitConfig config = RunningWorker.config(6, 4, 8, "int8", Mode.FAST);
        int[] prompt = worker.tokenizer.encode("Tell me a story about a dog.", true);
        List<List<Integer>> texts = new ArrayList<>();
        for (long seed : new long[] {1, 1, 2}) {
            texts.add(worker.answer(engine, "d1", config, prompt, 60, new SamplingOptions(1.2f, 0, 0.95f, seed))
                    .tokenIds());
        }
        assertThat(texts.get(0)).isEqualTo(texts.get(1)).isNotEqualTo(texts.get(2));
    }

    @Test
    void twentyDevicesAtOnceGetWhatEachGetsAlone() throws Exception {
        List<String> prompts = new ArrayList<>();
        List<SplitConfig> configs = new ArrayList<>();
        List<String> alone = new ArrayList<>();
        String[] rooms = {"kitchen", "study", "bathroom", "pantry", "bedroom"};
        for (int i = 0; i < 20; i++) {
            prompts.add("Turn off the light in the " + rooms[i % 5] + " in " + (i + 2) + " minutes");
            configs.add(RunningWorker.config(1 + i % 11, 4, i % 2 == 0 ? 8 : 4, "int8", Mode.FAST));
            alone.add(worker.answer(engine, "dev-" + i, configs.get(i), prompts.get(i), 48)
                    .text());
        }
        ExecutorService devices = Executors.newFixedThreadPool(20);
        List<Future<String>> together = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            int each = i;
            together.add(
                    devices.submit(() -> worker.answer(engine, "dev-" + each, configs.get(each), prompts.get(each), 48)
                            .text()));
        }
        for (int i = 0; i < 20; i++) {
            assertThat(together.get(i).get(100, TimeUnit.SECONDS)).isEqualTo(alone.get(i));
        }
        devices.shutdown();
        assertThat(worker.becomesIdle()).isTrue();
    }
}
