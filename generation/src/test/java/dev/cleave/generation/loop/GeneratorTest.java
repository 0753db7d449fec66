package dev.cleave.generation.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import dev.cleave.generation.Cancellation;
import dev.cleave.generation.FinishReason;
import dev.cleave.generation.GenerationException;
import dev.cleave.generation.GenerationResult;
import dev.cleave.generation.PromptTooLongException;
import dev.cleave.generation.StepMillis;
import dev.cleave.generation.TextListener;
import dev.cleave.generation.Traffic;
import dev.cleave.generation.link.LinkWindow;
import dev.cleave.generation.loop.ScriptedLink.Sent;
import dev.cleave.model.sampling.SamplingOptions;
import dev.cleave.optimizer.profile.LinkProfile;
import dev.cleave.transport.SessionRequest;
import dev.cleave.transport.StepSample;
import dev.cleave.transport.TransportException;
import dev.cleave.transport.TransportException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The loop against a worker that is a function, at split 0, where every step shows its token ids. */
class GeneratorTest {
    private static final int WORD = 300;

    /** Continues with the number of tokens so far, so that each answer tells which prefix it saw. */
    private final ScriptedLink link = new ScriptedLink(held -> WORD + held.size());

    private final Cancellation cancellation = new Cancellation();

    @Test
    void sendsAPromptInStepsWithinTheWindowAndSamplesTheLast() {
        GenerationResult result = generator(256).generate(prompt(11), 1, TextListener.NONE, cancellation);

        assertThat(link.sent)
                .containsExactly(
                        new Sent(0, List.of(100, 101, 102, 103), StepSample.NONE),
                        new Sent(4, List.of(104, 105, 106, 107), StepSample.NONE),
                        new Sent(8, List.of(108, 109, 110), StepSample.LAST));
        assertThat(link.greatestUnderWay).isEqualTo(2);
        assertThat(result.tokenIds()).containsExactly(WORD + 11);
        assertThat(result.finishReason()).isEqualTo(FinishReason.LENGTH);
        assertThat(result.steps()).isEqualTo(3);
    }

    @Test
    void feedsEachTokenBackAtItsPosition() {
        generator(256).generate(prompt(3), 3, TextListener.NONE, cancellation);

        assertThat(link.sent.subList(1, 3))
                .containsExactly(
                        new Sent(3, List.of(WORD + 3), StepSample.LAST),
                        new Sent(4, List.of(WORD + 4), StepSample.LAST));
    }

    @Test
    void stopsAtAStopIdWithoutShowingIt() {
        ScriptedLink stopping = new ScriptedLink(held -> held.size() < 5 ? WORD : Hearth.STOP);
        GenerationResult result = Generator.overLink(
                        Hearth.tokenizerOnly(256), stopping, "device", SamplingOptions.GREEDY)
                .generate(prompt(3), 50, TextListener.NONE, cancellation);

        assertThat(result.tokenIds()).containsExactly(WORD, WORD, Hearth.STOP);
        assertThat(result.text()).isEqualTo(Hearth.TOKENIZER.decode(new int[] {WORD, WORD}, true));
        assertThat(result.finishReason()).isEqualTo(FinishReason.STOP);
    }

    @Test
    void endsWhereTheContextIsFull() {
        GenerationResult result = generator(10).generate(prompt(7), 50, TextListener.NONE, cancellation);

        assertThat(result.tokenIds()).hasSize(3);
        assertThat(result.finishReason()).isEqualTo(FinishReason.LENGTH);
    }

    @Test
    void refusesAPromptThatLeavesNoRoomAndSaysByHowMuch() {
        assertThatThrownBy(() -> generator(10).generate(prompt(12), 5, TextListener.NONE, cancellation))
                .isInstanceOf(PromptTooLongException.class)
                .hasMessageContaining("12 tokens")
                .hasMessageContaining("holds 10")
                .hasMessageContaining("at least 3");
        assertThat(link.opened).isEmpty();
    }

    @Test
    void computesOnlyWhatAPromptAddsToTheCache() {
        Generator generator = generator(256);
        List<Integer> answer = generator
                .generate(prompt(5), 3, TextListener.NONE, cancellation)
                .tokenIds();
        int before = link.sent.size();

        int[] longer = concat(prompt(5), answer, new int[] {7, 8});
        GenerationResult result = generator.generate(longer, 1, TextListener.NONE, cancellation);

        // The answer's last token was shown, but never fed.
        assertThat(link.sent.get(before)).isEqualTo(new Sent(7, List.of(answer.get(2), 7, 8), StepSample.LAST));
        assertThat(result.reusedTokens()).isEqualTo(7);
        assertThat(result.promptTokens()).isEqualTo(10);
        assertThat(link.opened).hasSize(1);
    }

    @Test
    void goesBackToWhereAPromptDiffersFromTheCache() {
        Generator generator = generator(256);
        generator.generate(prompt(6), 4, TextListener.NONE, cancellation);
        int before = link.sent.size();

        int[] other = prompt(6);
        other[4] = 9;
        List<Integer> answer =
                generator.generate(other, 1, TextListener.NONE, cancellation).tokenIds();

        assertThat(link.sent.get(before)).isEqualTo(new Sent(4, List.of(9, 105), StepSample.LAST));
        assertThat(answer).containsExactly(WORD + 6);
    }

    @Test
    void runsTheLastTokenOfAPromptThatIsInTheCacheAlready() {
        Generator generator = generator(256);
        generator.generate(prompt(6), 4, TextListener.NONE, cancellation);
        int before = link.sent.size();

        generator.generate(prompt(6), 1, TextListener.NONE, cancellation);

        assertThat(link.sent.get(before)).isEqualTo(new Sent(5, List.of(105), StepSample.LAST));
    }

    @Test
    void endsWithWhatIsShownWhenCancelledAndKeepsTheCache() {
        Generator generator = generator(256);
        int[] prompt = prompt(5);
        List<String> shown = new ArrayList<>();
        GenerationResult result = generator.generate(
                prompt,
                100,
                piece -> {
                    shown.add(piece);
                    if (shown.size() == 3) {
                        cancellation.cancel();
                    }
                },
                cancellation);

        assertThat(result.finishReason()).isEqualTo(FinishReason.CANCELLED);
        assertThat(result.text()).isEqualTo(String.join("", shown));
        assertThat(shown).hasSize(3);
        assertThat(generator.cachedTokens()).isEqualTo(5 + result.tokenIds().size() - 1);
    }

    @Test
    void asksTheWorkerToLeaveOutWhatIsUnderWayWhenCancelledInThePrompt() {
        Generator generator = generator(256);
        link.onSend = () -> {
            if (link.sent.size() == 3) {
                cancellation.cancel();
            }
        };

        GenerationResult result = generator.generate(prompt(20), 5, TextListener.NONE, cancellation);

        assertThat(result.finishReason()).isEqualTo(FinishReason.CANCELLED);
        assertThat(result.tokenIds()).isEmpty();
        assertThat(link.sent).hasSize(3);
        assertThat(link.cancels).isEqualTo(1);
        // One step had been answered; the two under way may not have been computed.
        assertThat(generator.cachedTokens()).isEqualTo(4);
    }

    @Test
    void startsNothingWhenCancelledBefore() {
        cancellation.cancel();

        GenerationResult result = generator(256).generate(prompt(9), 5, TextListener.NONE, cancellation);

        assertThat(result.finishReason()).isEqualTo(FinishReason.CANCELLED);
        assertThat(link.sent).isEmpty();
    }

    @Test
    void keepsWhatWasShownWhenTheWorkerIsLost() {
        link.failAfter(4, new TransportException(Reason.WORKER_LOST, "gone", null));
        Generator generator = generator(256);

        GenerationException failure = catchThrowableOfType(
                GenerationException.class, () -> generator.generate(prompt(3), 50, TextListener.NONE, cancellation));

        assertThat(failure).hasMessage("gone");
        assertThat(failure.partial().finishReason()).isEqualTo(FinishReason.ERROR);
        assertThat(failure.partial().tokenIds()).containsExactly(WORD + 3, WORD + 4, WORD + 5);
        assertThat(generator.cachedTokens()).isZero();
    }

    @Test
    void opensTheNextEpochAfterAFailureAndSendsEverythingAgain() {
        link.failAfter(4, new TransportException(Reason.WORKER_LOST, "gone", null));
        Generator generator = generator(256);
        catchThrowableOfType(
                GenerationException.class, () -> generator.generate(prompt(3), 50, TextListener.NONE, cancellation));
        int before = link.sent.size();

        generator.generate(prompt(3), 1, TextListener.NONE, cancellation);

        assertThat(link.opened.stream().map(SessionRequest::epoch)).containsExactly(1, 2);
        assertThat(link.opened.stream().map(SessionRequest::session).distinct()).hasSize(1);
        assertThat(link.sent.get(before).position()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "SESSION_FAILED, IDLE",
        "SESSION_FAILED, UNKNOWN_SESSION",
        "SESSION_FAILED, STOPPED",
        "BROKER_LOST, ''",
        "WORKER_LOST, ''"
    })
    void opensAgainWithoutAWordWhereTheSessionDiedBetweenTwoTurns(Reason reason, String code) {
        Generator generator = generator(256);
        generator.generate(prompt(5), 2, TextListener.NONE, cancellation);
        link.failAfter(0, new TransportException(reason, code, "gone", null));

        GenerationResult result = generator.generate(prompt(8), 1, TextListener.NONE, cancellation);

        assertThat(result.tokenIds()).containsExactly(WORD + 8);
        assertThat(result.reusedTokens()).isZero();
        assertThat(link.opened).hasSize(2);
    }

    @Test
    void opensAgainAlsoWhereAnotherConversationBegins() {
        Generator generator = generator(256);
        generator.generate(prompt(5), 2, TextListener.NONE, cancellation);
        link.failAfter(0, new TransportException(Reason.BROKER_LOST, "gone", null));

        GenerationResult result = generator.generate(new int[] {7, 8, 9}, 1, TextListener.NONE, cancellation);

        assertThat(result.tokenIds()).containsExactly(WORD + 3);
        assertThat(link.opened).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"WORKER_LOST, SILENT", "SESSION_FAILED, BAD_FRAME", "PROTOCOL, ''", "SESSION_FAILED, GAP"})
    void opensNoOtherSessionWhereTheTurnItselfFails(Reason reason, String code) {
        Generator generator = generator(256);
        generator.generate(prompt(5), 2, TextListener.NONE, cancellation);
        link.failAfter(0, new TransportException(reason, code, "gone", null));

        assertThatThrownBy(() -> generator.generate(prompt(8), 1, TextListener.NONE, cancellation))
                .isInstanceOf(GenerationException.class)
                .hasMessage("gone");
        assertThat(link.opened).hasSize(1);
    }

    @Test
    void opensAgainOnceAndNotBehindTheFirstAnswer() {
        Generator generator = generator(256);
        link.failAfter(0, new TransportException(Reason.BROKER_LOST, "gone", null));
        assertThatThrownBy(() -> generator.generate(prompt(3), 1, TextListener.NONE, cancellation))
                .as("a session of this turn")
                .isInstanceOf(GenerationException.class);
        generator.generate(prompt(3), 1, TextListener.NONE, cancellation);
        assertThat(link.opened).hasSize(2);

        link.failAfter(2, new TransportException(Reason.BROKER_LOST, "gone", null));
        assertThatThrownBy(() -> generator.generate(prompt(4), 9, TextListener.NONE, cancellation))
                .as("a token was shown")
                .isInstanceOf(GenerationException.class);
        assertThat(link.opened).hasSize(2);

        generator.generate(prompt(4), 1, TextListener.NONE, cancellation);
        link.failAfter(0, new TransportException(Reason.BROKER_LOST, "gone", null));
        link.refusal = new TransportException(Reason.BROKER_UNREACHABLE, "nobody", null);
        assertThatThrownBy(() -> generator.generate(prompt(5), 1, TextListener.NONE, cancellation))
                .as("nobody is there")
                .isInstanceOf(GenerationException.class)
                .hasMessage("nobody");
    }

    @Test
    void callsAFailureBehindACancelACancel() {
        link.failAfter(4, new TransportException(Reason.BROKER_LOST, "gone", null));
        link.onSend = () -> {
            if (link.sent.size() == 4) {
                cancellation.cancel();
            }
        };

        GenerationResult result = generator(256).generate(prompt(9), 50, TextListener.NONE, cancellation);

        assertThat(result.finishReason()).isEqualTo(FinishReason.CANCELLED);
    }

    @Test
    void neverSplitsACharacter() {
        int[] text = Hearth.TOKENIZER.encode("naïve 🏠 κόσμος", false);
        ScriptedLink speaking =
                new ScriptedLink(held -> held.size() - 3 < text.length ? text[held.size() - 3] : Hearth.STOP);
        List<String> pieces = new ArrayList<>();
        GenerationResult result = Generator.overLink(
                        Hearth.tokenizerOnly(256), speaking, "device", SamplingOptions.GREEDY)
                .generate(prompt(3), 100, pieces::add, cancellation);

        assertThat(result.text()).isEqualTo("naïve 🏠 κόσμος").isEqualTo(String.join("", pieces));
        assertThat(pieces).allSatisfy(piece -> {
            assertThat(piece).isNotEmpty().doesNotContain("\uFFFD");
            assertThat(Character.isLowSurrogate(piece.charAt(0))).isFalse();
        });
        assertThat(result.tokenIds()).startsWith(IntStream.of(text).boxed().toArray(Integer[]::new));
    }

    @Test
    void dividesAStepsTimeAsTheWorkerMeasuredIt() {
        GenerationResult result = generator(256).generate(prompt(5), 4, TextListener.NONE, cancellation);

        assertThat(result.timings().decodeSteps()).isEqualTo(3);
        for (StepMillis step : List.of(result.timings().mean(), result.timings().median())) {
            assertThat(step.link()).isEqualTo(3.0);
            assertThat(step.cloud()).isEqualTo(2.0);
            assertThat(step.total()).isPositive();
        }
    }

    @Test
    void aGenerationsStepsAreSamples() {
        ScriptedLink link = new ScriptedLink(held -> held.size() + 1);
        Generator generator = Generator.overLink(Hearth.tokenizerOnly(256), link, "device", SamplingOptions.GREEDY);
        LinkWindow steps = generator.window().orElseThrow();
        steps.bandwidth(100);

        // Three chunks of the prompt, two of them under way at once, then 19 tokens one by one.
        generator.generate(IntStream.range(100, 112).toArray(), 20, TextListener.NONE, new Cancellation());
        assertThat(steps.count()).isEqualTo(19);
        // A prompt of one token is a step like any other.
        generator.generate(IntStream.range(200, 201).toArray(), 5, TextListener.NONE, new Cancellation());

        assertThat(steps.count()).isEqualTo(24);
        LinkProfile profile = steps.profile();
        assertThat(profile.samples()).allSatisfy(sample -> {
            // 5 ms, of which the worker has 2 and the bytes 1.
            assertThat(sample.roundTripMillis()).isCloseTo(2, within(1e-9));
            assertThat(sample.bytesPerMilli()).isEqualTo(100);
            assertThat(sample.jitterMillis()).isZero();
        });
        assertThat(profile.idsBytes()).isEqualTo(ScriptedLink.UP);
    }

    @Test
    void countsTheSocketsBytesOfThisGenerationAlone() {
        Generator generator = generator(256);
        generator.generate(prompt(5), 2, TextListener.NONE, cancellation);

        GenerationResult.Bytes bytes = generator
                .generate(prompt(9), 3, TextListener.NONE, cancellation)
                .bytes();

        // Positions 5..8 are one step of the prompt; two more follow it.
        assertThat(bytes.socket()).isEqualTo(new Traffic(3 * ScriptedLink.UP, 3 * ScriptedLink.DOWN));
        assertThat(bytes.decodeSocket()).isEqualTo(new Traffic(2 * ScriptedLink.UP, 2 * ScriptedLink.DOWN));
        assertThat(bytes.frames()).isZero();
        assertThat(bytes.bitsPerValue()).isZero();
    }

    private Generator generator(int maxLength) {
        return Generator.overLink(Hearth.tokenizerOnly(maxLength), link, "device", SamplingOptions.GREEDY);
    }

    /** Ids 100, 101, … */
    private static int[] prompt(int tokens) {
        return IntStream.range(100, 100 + tokens).toArray();
    }

    private static int[] concat(int[] prompt, List<Integer> answer, int[] more) {
        return IntStream.concat(
                        IntStream.concat(IntStream.of(prompt), answer.stream().mapToInt(Integer::intValue)),
                        IntStream.of(more))
                .toArray();
    }
}
