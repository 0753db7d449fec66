package dev.cleave.generation.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cleave.codec.CodecLevel;
import dev.cleave.generation.Cancellation;
import dev.cleave.generation.FinishReason;
import dev.cleave.generation.GenerationException;
import dev.cleave.generation.GenerationResult;
import dev.cleave.generation.GenerationTrace;
import dev.cleave.generation.SplitConfig;
import dev.cleave.generation.TextListener;
import dev.cleave.generation.backend.DeviceModel;
import dev.cleave.generation.backend.OfflineFallback;
import dev.cleave.model.Mode;
import dev.cleave.model.sampling.SamplingOptions;
import dev.cleave.transport.SessionRequest;
import dev.cleave.transport.TransportException;
import dev.cleave.transport.TransportException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A device that goes on alone: the other side and the whole model here are the same function. */
class OfflineTest {
    private static final int WORD = 300;
    private static final TransportException LOST = new TransportException(Reason.WORKER_LOST, "gone", null);

    private final ScriptedLink link = new ScriptedLink(held -> WORD + held.size());
    private final List<FakeSequence> wholes = new ArrayList<>();
    private final FakeSequence front = FakeSequence.front(3);
    private boolean fits = true;
    private int reopened;
    private final Cancellation cancellation = new Cancellation();
    private final Generator generator =
            Generator.overLink(divided(front), link, "device", SamplingOptions.GREEDY, Optional.of(new Standing()));

    /** Opens fake segments and counts them. */
    private final class Standing implements OfflineFallback {
        @Override
        public Optional<Supplier<DeviceModel>> alone(String reason) {
            assertThat(front.closed()).as("asked before anything is closed").isEqualTo(reopened > 0);
            return fits ? Optional.of(this::open) : Optional.empty();
        }

        private DeviceModel open() {
            assertThat(front.closed()).isTrue();
            FakeSequence whole = FakeSequence.whole(held -> WORD + held.size());
            wholes.add(whole);
            SplitConfig config = OfflineTest.divided(front).config().alone(Hearth.BUNDLE, 4);
            return new DeviceModel(Hearth.BUNDLE, Hearth.TOKENIZER, config, 256, Optional.of(whole), Optional.empty());
        }

        @Override
        public DeviceModel divided() {
            assertThat(wholes).allSatisfy(whole -> assertThat(whole.closed()).isTrue());
            reopened++;
            return OfflineTest.divided(FakeSequence.front(3));
        }
    }

    @Test
    void continuesWhereTheWorkerWasLost() {
        List<String> pieces = new ArrayList<>();
        link.failAfter(4, LOST);
        GenerationResult result = generator.generate(prompt(20), 10, pieces::add, cancellation);

        assertThat(result.tokenIds()).containsExactlyElementsOf(ids(20, 10));
        assertThat(result.text())
                .isEqualTo(String.join("", pieces))
                .isEqualTo(Hearth.TOKENIZER.decode(
                        ids(20, 10).stream().mapToInt(Integer::intValue).toArray(), true));
        assertThat(result.finishReason()).isEqualTo(FinishReason.LENGTH);
        // The fourth of the prompt's five steps was lost: nothing had been shown.
        assertThat(result.trace().offline()).contains(new GenerationTrace.Offline(0, 4, "gone"));
        assertThat(front.closed()).isTrue();
    }

    @Test
    void whatWasShownStays() {
        link.failAfter(8, LOST);
        GenerationResult result = generator.generate(prompt(5), 20, TextListener.NONE, cancellation);

        assertThat(result.tokenIds()).containsExactlyElementsOf(ids(5, 20));
        assertThat(result.trace().offline()).contains(new GenerationTrace.Offline(6, 4, "gone"));
        assertThat(result.config().split()).as("as it began").isEqualTo(3);
        assertThat(result.timings().decodeSteps()).isEqualTo(18);
        assertThat(wholes.get(0).held).hasSize(5 + 19);
        assertThat(generator.cachedTokens()).isEqualTo(24);
        long sent = link.qualities.size();
        assertThat(result.bytes().values())
                .isEqualTo((5 + sent - 2) * Hearth.BUNDLE.architecture().hidden());
        assertThat(result.bytes().socket().up()).isEqualTo(sent * ScriptedLink.UP);
    }

    @Test
    void triesTheCloudAgainInTheNextTurn() {
        link.failAfter(4, LOST);
        generator.generate(prompt(5), 10, TextListener.NONE, cancellation);
        GenerationResult second = generator.generate(prompt(8), 3, TextListener.NONE, cancellation);

        assertThat(second.trace().offline()).isEmpty();
        assertThat(second.tokenIds()).containsExactlyElementsOf(ids(8, 3));
        assertThat(second.reusedTokens()).isZero();
        assertThat(reopened).isEqualTo(1);
        assertThat(link.opened.stream().map(SessionRequest::epoch)).containsExactly(1, 2);
    }

    @Test
    void keepsTheWholeModelsCacheWhileTheCloudIsAway() {
        link.refusal = new TransportException(Reason.BROKER_UNREACHABLE, "nobody", null);
        GenerationResult first = generator.generate(prompt(5), 4, TextListener.NONE, cancellation);
        GenerationResult second = generator.generate(prompt(9), 2, TextListener.NONE, cancellation);

        assertThat(first.trace().offline()).contains(new GenerationTrace.Offline(0, 4, "nobody"));
        assertThat(first.config().split())
                .isEqualTo(Hearth.BUNDLE.architecture().layers());
        assertThat(second.trace().offline()).contains(new GenerationTrace.Offline(0, 4, "nobody"));
        assertThat(second.tokenIds()).containsExactlyElementsOf(ids(9, 2));
        assertThat(second.reusedTokens()).isEqualTo(5);
        assertThat(wholes).hasSize(1);
        generator.close();
        assertThat(wholes.get(0).closed()).isTrue();
    }

    @Test
    void endsWithWhatThereIsWhereTheModelDoesNotFit() {
        fits = false;
        link.failAfter(4, LOST);
        GenerationException failure = catchThrowableOfType(
                GenerationException.class, () -> generator.generate(prompt(5), 10, TextListener.NONE, cancellation));

        assertThat(failure.partial().tokenIds()).containsExactlyElementsOf(ids(5, 2));
        assertThat(failure).hasMessage("gone");
        assertThat(front.closed()).isFalse();
        assertThat(generator
                        .generate(prompt(5), 2, TextListener.NONE, cancellation)
                        .tokenIds())
                .containsExactlyElementsOf(ids(5, 2));
    }

    @ParameterizedTest
    @EnumSource(
            value = Reason.class,
            names = {"BROKER_UNREACHABLE", "BROKER_LOST", "WORKER_LOST", "NO_WORKER"},
            mode = EnumSource.Mode.EXCLUDE)
    void aRefusalIsNoReasonToBeAlone(Reason reason) {
        link.refusal = new TransportException(reason, "no", null);

        assertThat(catchThrowableOfType(
                        GenerationException.class,
                        () -> generator.generate(prompt(5), 10, TextListener.NONE, cancellation)))
                .hasMessage("no");
        assertThat(wholes).isEmpty();
    }

    @Test
    void workersOfAnotherModelAreNoReasonEither() {
        assertThat(OfflineFallback.isFor(new TransportException(Reason.NO_WORKER, "MODEL", "others", null)))
                .isFalse();
        assertThat(OfflineFallback.isFor(new TransportException(Reason.NO_WORKER, "none", null)))
                .isTrue();
    }

    @Test
    void saysNothingMoreOnceItIsCancelled() {
        link.failAfter(4, LOST);
        link.onSend = () -> {
            if (link.sent.size() == 4) {
                cancellation.cancel();
            }
        };
        GenerationResult result = generator.generate(prompt(5), 10, TextListener.NONE, cancellation);

        assertThat(result.finishReason()).isEqualTo(FinishReason.CANCELLED);
        assertThat(wholes).isEmpty();
    }

    private static DeviceModel divided(FakeSequence front) {
        SplitConfig config = new SplitConfig(3, 4, 8, CodecLevel.of("int8"), Mode.FAST);
        return new DeviceModel(Hearth.BUNDLE, Hearth.TOKENIZER, config, 256, Optional.of(front), Optional.empty());
    }

    private static List<Integer> ids(int promptTokens, int count) {
        return IntStream.range(0, count).mapToObj(i -> WORD + promptTokens + i).toList();
    }

    private static int[] prompt(int tokens) {
        return IntStream.range(100, 100 + tokens).toArray();
    }
}
