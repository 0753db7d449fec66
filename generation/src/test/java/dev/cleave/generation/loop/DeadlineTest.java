package dev.cleave.generation.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cleave.codec.CodecLevel;
import dev.cleave.generation.Cancellation;
import dev.cleave.generation.FinishReason;
import dev.cleave.generation.GenerationException;
import dev.cleave.generation.GenerationResult;
import dev.cleave.generation.GenerationTrace;
import dev.cleave.generation.LatencyTarget;
import dev.cleave.generation.SplitConfig;
import dev.cleave.generation.TextListener;
import dev.cleave.generation.backend.DeviceModel;
import dev.cleave.generation.link.LinkLadder;
import dev.cleave.model.Mode;
import dev.cleave.model.sampling.SamplingOptions;
import dev.cleave.transport.TransportException;
import dev.cleave.transport.TransportException.Reason;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The loop under a deadline, over a link that only counts. */
class DeadlineTest {
    private static final int WORD = 300;
    private static final double IMPOSSIBLE = 1e-6;
    private static final double EASY = 1e6;
    private static final List<CodecLevel> LADDER =
            Stream.of("int8", "tabq-08", "tabq-24").map(CodecLevel::of).toList();

    private final ScriptedLink link = new ScriptedLink(held -> WORD + held.size());

    @Test
    void lowersTheLinkThenEndsTheTextAndSaysWhy() {
        GenerationResult result = generate(new LatencyTarget(IMPOSSIBLE, LADDER, 5), 50);

        assertThat(result.finishReason()).isEqualTo(FinishReason.LENGTH);
        GenerationTrace trace = result.trace();
        assertThat(trace.cutShort().orElseThrow())
                .contains("5 tokens in a row", "tabq-24", "after 8 of at most 50 tokens");
        assertThat(trace.late()).isEqualTo(result.timings().decodeSteps()).isEqualTo(7);
        // Two late tokens at the planned quality; those after it go at the cheapest, for none is predicted to hold.
        assertThat(trace.links().label()).isEqualTo("int8, then int8, from token 2 on tabq-24");
        assertThat(link.qualities).containsExactly(3, 3, 3, 3, 22, 22, 22, 22, 22);
        assertThat(result.tokenIds())
                .containsExactly(
                        IntStream.range(0, 8).mapToObj(i -> WORD + 5 + i).toArray(Integer[]::new));
        assertThat(result.text())
                .isEqualTo(Hearth.TOKENIZER.decode(
                        result.tokenIds().stream().mapToInt(Integer::intValue).toArray(), true));
    }

    @Test
    void givesUpNothingThatCanBeKept() {
        GenerationResult result = generate(new LatencyTarget(EASY, LADDER, 5), 30);

        assertThat(result.tokenIds()).hasSize(30);
        assertThat(result.trace())
                .isEqualTo(new GenerationTrace(result.config().link(), 0, Optional.empty(), Optional.empty()));
    }

    @Test
    void onlyCountsWhereNothingMayBeGivenUp() {
        GenerationResult result = generate(LatencyTarget.watched(IMPOSSIBLE), 30);

        assertThat(result.tokenIds()).hasSize(30);
        assertThat(result.trace().late()).isEqualTo(29);
        assertThat(result.trace().cutShort()).isEmpty();
        assertThat(result.trace().links().label()).isEqualTo("int8");
    }

    @Test
    void aLinkThatFallsSilentEndsTheText() {
        TransportException silent =
                new TransportException(Reason.WORKER_LOST, TransportException.SILENT, "no answer within 7 ms", null);
        link.failAfter(4, silent);

        GenerationResult result = generate(new LatencyTarget(EASY, LADDER, 5), 30);

        assertThat(result.finishReason()).isEqualTo(FinishReason.LENGTH);
        assertThat(result.tokenIds()).hasSize(2);
        assertThat(result.trace().cutShort().orElseThrow()).contains("dead", "7 ms", "after 2 of at most 30 tokens");

        ScriptedLink other = new ScriptedLink(held -> WORD);
        other.failAfter(4, silent);
        assertThat(catchThrowableOfType(
                                GenerationException.class,
                                () -> generator(other, Optional.empty())
                                        .generate(prompt(), 30, TextListener.NONE, new Cancellation()))
                        .partial()
                        .finishReason())
                .as("without a deadline it is a failure")
                .isEqualTo(FinishReason.ERROR);
    }

    @Test
    void asksForTheCalibrationThatALadderNeeds() {
        CodecLevel planned = CodecLevel.of("int8");
        assertThat(names(LinkLadder.below(planned, false, quality -> true)))
                .containsExactly(
                        "int8", "tabq-02", "tabq-04", "tabq-06", "tabq-08", "tabq-10", "tabq-12", "tabq-16", "tabq-24");
        assertThat(names(LinkLadder.below(planned, true, quality -> true)))
                .startsWith("int8", "tuned-10", "tuned-14")
                .hasSize(1 + CodecLevel.tuned().size());
        assertThat(names(LinkLadder.below(
                        CodecLevel.of("lossless"),
                        true,
                        quality -> !quality.name().startsWith("tuned"))))
                .containsExactly("lossless", "bf16", "int8");
        assertThat(names(LinkLadder.below(CodecLevel.of("tuned-75"), true, quality -> true)))
                .containsExactly("tuned-75", "tuned-90");
        assertThat(new LatencyTarget(1, LinkLadder.below(planned, true, quality -> true), 1).needsCalibration())
                .isTrue();
    }

    @Test
    void refusesWhatIsNoDeadline() {
        for (double millis : new double[] {0, -1, Double.NaN}) {
            assertThatThrownBy(() -> new LatencyTarget(millis, LADDER, 1)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> new LatencyTarget(1, LADDER, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    private GenerationResult generate(LatencyTarget target, int maxTokens) {
        return generator(link, Optional.of(target))
                .generate(prompt(), maxTokens, TextListener.NONE, new Cancellation());
    }

    private static Generator generator(ScriptedLink link, Optional<LatencyTarget> target) {
        SplitConfig config = new SplitConfig(3, 4, 8, LADDER.get(0), Mode.FAST);
        DeviceModel model = new DeviceModel(
                Hearth.BUNDLE, Hearth.TOKENIZER, config, 256, Optional.of(FakeSequence.front(3)), target);
        return Generator.overLink(model, link, "device", SamplingOptions.GREEDY);
    }

    private static int[] prompt() {
        return IntStream.range(100, 105).toArray();
    }

    private static List<String> names(List<CodecLevel> ladder) {
        return ladder.stream().map(CodecLevel::name).toList();
    }
}
