package dev.cleave.generation.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cleave.optimizer.profile.LinkProfile;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LinkWindowTest {
    private static final double RATE = 125;
    private static final double ROUND_TRIP = 7;
    private static final int FRAME = 200;
    private static final int OVERHEAD = 40;

    private final LinkWindow window = new LinkWindow();

    @Test
    void keepsTheNewest() {
        for (int i = 0; i < 1000; i++) {
            window.add(i, 10, 1, OVERHEAD);
        }

        LinkProfile profile = window.profile();

        assertThat(window.count()).isEqualTo(LinkProfile.MOST_SAMPLES);
        assertThat(profile.samples())
                .hasSize(LinkProfile.MOST_SAMPLES)
                .extracting(LinkProfile.Sample::roundTripMillis)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(744, 1000).mapToObj(i -> (double) i).toList());
    }

    @Test
    void whatTheWorkerTookLongerThanUsualIsJitterInThatSample() {
        double[] held = {2, 9, 2, 1, 2};
        for (int i = 0; i < held.length; i++) {
            window.add(10 + i, 10, held[i], OVERHEAD);
        }

        assertThat(window.profile().samples())
                .containsExactly(
                        new LinkProfile.Sample(10, 10, 0),
                        new LinkProfile.Sample(11, 10, 7),
                        new LinkProfile.Sample(12, 10, 0),
                        new LinkProfile.Sample(13, 10, 0),
                        new LinkProfile.Sample(14, 10, 0));
    }

    @Test
    void figuresThatNoProfileMayHoldAreCut() {
        window.add(-3, 0, -1, -5);
        window.add(1e9, 1e12, 1e9, 10);

        LinkProfile profile = window.profile();

        assertThat(profile.samples().get(0).roundTripMillis()).isZero();
        assertThat(profile.samples().get(1).roundTripMillis()).isEqualTo(60_000);
        assertThat(profile.samples().get(1).bytesPerMilli()).isEqualTo(1e8);
    }

    @Test
    void withoutASampleThereIsNoProfile() {
        assertThatThrownBy(window::profile).isInstanceOf(IllegalStateException.class);
    }

    /** Steps as a link of a known round trip and bandwidth makes them. */
    @Test
    void aGreatStepAndTheSmallOneBehindItTellTheBandwidth() {
        small();
        assertThat(window.count()).as("the bandwidth is not known yet").isZero();

        large(128, 100_000);
        small();
        small();

        assertThat(window.profile().samples()).hasSize(2).allSatisfy(sample -> {
            assertThat(sample.bytesPerMilli()).isCloseTo(RATE, within(1e-9));
            assertThat(sample.roundTripMillis()).isCloseTo(ROUND_TRIP, within(1e-9));
        });
        assertThat(window.profile().overheadBytes()).isEqualTo(OVERHEAD);
        assertThat(window.profile().idsBytes()).isBetween(OVERHEAD + 1, OVERHEAD + 8);
    }

    @Test
    void aStepOfTooFewBytesTellsNoBandwidthAndAChunkIsNoSample() {
        large(64, 40_000);
        small();
        window.bandwidth(RATE);
        large(64, 40_000);

        assertThat(window.count()).isZero();
    }

    private void small() {
        int bytes = FRAME + OVERHEAD;
        window.step(1, ROUND_TRIP + bytes / RATE, 3, FRAME, bytes);
    }

    private void large(int tokens, int frame) {
        int bytes = frame + OVERHEAD;
        window.step(tokens, ROUND_TRIP + bytes / RATE, 300, frame, bytes);
    }
}
