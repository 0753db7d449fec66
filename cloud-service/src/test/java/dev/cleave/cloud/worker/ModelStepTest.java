package dev.cleave.cloud.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleave.model.EngineOptions;
import dev.cleave.model.EngineProvider;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.oracle.Oracle;
import dev.cleave.model.tokenizer.Tokenizer;
import dev.cleave.transport.SessionRequest;
import dev.cleave.transport.StepFinish;
import dev.cleave.transport.StepSample;
import dev.cleave.transport.worker.WorkerSession;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a session answers to steps, held against the oracle: split 0 at 16 bits, so that steps are token ids. */
@Timeout(60)
class ModelStepTest {
    private final Bundle bundle = Bundles.hearth();
    private final int[] prompt =
            Tokenizer.of(bundle.tokenizerJson()).encode("Turn on the kitchen light in half an hour", true);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private SegmentEngine engine;
    private ModelWorker worker;
    private WorkerSession session;

    @BeforeEach
    void createWorker() {
        engine = EngineProvider.find().create(EngineOptions.DEFAULT.withThreads(1));
        WorkerSettings settings = new WorkerSettings("w1", 4, 1 << 30, 256, 1, Duration.ofMinutes(1));
        worker = new ModelWorker(bundle, engine, settings, new WorkerMetrics(registry, bundle.name()));
        session = open(64, bundle.stopIds());
    }

    @AfterEach
    void closeAll() {
        session.close();
        assertThat(worker.memory().reserved()).isZero();
        engine.close();
    }

    private WorkerSession open(int maxLength, List<Integer> stopIds) {
        SessionRequest.Shape shape = new SessionRequest.Shape(0, 16, 16, true, "lossless", maxLength);
        SessionRequest.SamplingRequest greedy = new SessionRequest.SamplingRequest(0, 0, 1, 0);
        return worker.open(new SessionRequest("d1", "session1", 1, bundle.modelHash(), shape, greedy, stopIds))
                .session();
    }

    private static TestAnswer step(WorkerSession session, TestStep step) {
        TestAnswer answer = new TestAnswer();
        session.step(step, answer);
        assertThat(answer.done).isTrue();
        return answer;
    }

    private List<float[]> oracleLogits(int[] ids) {
        Oracle oracle = new Oracle(bundle.folder(), bundle.architecture(), 0, 16, 16);
        List<float[]> logits = new ArrayList<>();
        for (int id : ids) {
            logits.add(oracle.next(id).clone());
        }
        return logits;
    }

    private static double logProbability(float[] logits, int id) {
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit);
        }
        return logits[id] - Math.log(sum);
    }

    @Test
    void theLastPositionIsSampledWithItsProbability() {
        float[] logits = oracleLogits(prompt).get(prompt.length - 1);
        TestAnswer answer = step(session, TestStep.ids(0, prompt));
        int expected = Oracle.argmax(logits);
        assertThat(answer.ids).containsExactly(expected);
        assertThat(answer.logProbabilities.get(0).doubleValue())
                .isCloseTo(logProbability(logits, expected), Offset.offset(1e-3));
        assertThat(answer.finish).isEqualTo(StepFinish.RUNNING);
        assertThat(answer.micros).hasSize(3);
        assertThat(answer.micros[1]).isPositive();
    }

    @Test
    void everyPositionIsSampledWhereAllAreAskedFor() {
        List<Integer> expected =
                oracleLogits(prompt).stream().map(Oracle::argmax).toList();
        assertThat(prompt.length).isLessThanOrEqualTo(ModelSession.MAX_SAMPLED);
        assertThat(step(session, TestStep.ids(0, prompt).sampling(StepSample.ALL)).ids)
                .isEqualTo(expected);
    }

    @Test
    void aPartOfAPromptSamplesNothing() {
        assertThat(step(session, TestStep.ids(0, prompt[0], prompt[1]).sampling(StepSample.NONE)).ids)
                .isEmpty();
        int[] rest = Arrays.copyOfRange(prompt, 2, prompt.length);
        assertThat(step(session, TestStep.ids(2, rest)).ids)
                .containsExactly(Oracle.argmax(oracleLogits(prompt).get(prompt.length - 1)));
    }

    @Test
    void aPositionBelowTheLengthForgetsWhatLiesBehindIt() {
        step(session, TestStep.ids(0, prompt));
        step(session, TestStep.ids(prompt.length, 7));
        step(session, TestStep.ids(2, 9, 9, 9));
        int[] rest = Arrays.copyOfRange(prompt, 2, prompt.length);
        assertThat(step(session, TestStep.ids(2, rest)).ids)
                .containsExactly(Oracle.argmax(oracleLogits(prompt).get(prompt.length - 1)));
    }

    @Test
    void forcedIdsAreAnsweredInPlaceOfSampledOnesAndTheTextGoesOnFromThem() {
        int sampled = step(session, TestStep.ids(0, prompt)).ids.get(0);
        int shown = sampled == 11 ? 12 : 11;
        assertThat(step(session, TestStep.ids(0, prompt).forcing(shown)).ids).containsExactly(shown);
        int[] longer = Arrays.copyOf(prompt, prompt.length + 1);
        longer[prompt.length] = shown;
        assertThat(step(session, TestStep.ids(prompt.length, shown)).ids)
                .containsExactly(Oracle.argmax(oracleLogits(longer).get(prompt.length)));
    }

    @Test
    void scoredIdsAreAnsweredWithTheirProbabilities() {
        List<float[]> logits = oracleLogits(prompt);
        int[] next = Arrays.copyOfRange(prompt, 1, prompt.length);
        TestAnswer answer =
                step(session, TestStep.ids(0, prompt).sampling(StepSample.ALL).scoring(next));
        assertThat(answer.ids).hasSize(prompt.length);
        for (int i = 0; i < next.length; i++) {
            assertThat(answer.ids.get(i)).isEqualTo(next[i]);
            assertThat(answer.logProbabilities.get(i).doubleValue())
                    .isCloseTo(logProbability(logits.get(i), next[i]), Offset.offset(2e-3));
        }
        assertThat(answer.ids.get(next.length)).isEqualTo(Oracle.argmax(logits.get(next.length)));
    }

    @Test
    void forcedIdsComeFirstAndTheRestIsSampled() {
        List<Integer> expected = new ArrayList<>(
                oracleLogits(prompt).stream().map(Oracle::argmax).toList());
        expected.set(0, 5);
        expected.set(1, 6);
        assertThat(step(
                                session,
                                TestStep.ids(0, prompt).sampling(StepSample.ALL).forcing(5, 6))
                        .ids)
                .isEqualTo(expected);
    }

    @Test
    void aStopIdEndsTheTextEvenAtItsGreatestLength() {
        int next = Oracle.argmax(oracleLogits(prompt).get(prompt.length - 1));
        WorkerSession stopping = open(prompt.length + 1, List.of(next));
        assertThat(step(stopping, TestStep.ids(0, prompt)).finish).isEqualTo(StepFinish.STOP);
        stopping.close();
    }

    @Test
    void theTokenThatMakesTheTextAsLongAsItMayBeSaysSo() {
        WorkerSession brief = open(prompt.length + 2, List.of());
        TestAnswer first = step(brief, TestStep.ids(0, prompt));
        assertThat(first.finish).isEqualTo(StepFinish.RUNNING);
        TestAnswer second = step(brief, TestStep.ids(prompt.length, first.ids.get(0)));
        assertThat(second.ids).hasSize(1);
        assertThat(second.finish).isEqualTo(StepFinish.LENGTH);
        brief.close();
    }

    @Test
    void aCancelledStepIsAnsweredAndNotComputed() {
        TestAnswer cancelled = step(session, TestStep.ids(0, prompt).thatWasCancelled());
        assertThat(cancelled.finish).isEqualTo(StepFinish.CANCELLED);
        assertThat(cancelled.ids).isEmpty();
        assertThat(registry.get("cleave.steps").counter().count()).isZero();
        assertThat(step(session, TestStep.ids(0, prompt)).ids).hasSize(1);
    }

    @Test
    void stepsAndTokensAreCounted() {
        int next = step(session, TestStep.ids(0, prompt)).ids.get(0);
        step(session, TestStep.ids(prompt.length, next));
        assertThat(registry.get("cleave.steps").counter().count()).isEqualTo(2);
        assertThat(registry.get("cleave.tokens")
                        .tag("gen_ai.token.type", "input")
                        .counter()
                        .count())
                .isEqualTo(prompt.length + 1);
        assertThat(registry.get("cleave.tokens")
                        .tag("gen_ai.token.type", "output")
                        .counter()
                        .count())
                .isEqualTo(2);
        assertThat(registry.get("gen_ai.server.time_to_first_token").timer().count())
                .isEqualTo(1);
        assertThat(registry.get("gen_ai.server.time_per_output_token").timer().count())
                .isEqualTo(1);
        assertThat(registry.get("cleave.sessions").gauge().value()).isEqualTo(1);
    }
}
