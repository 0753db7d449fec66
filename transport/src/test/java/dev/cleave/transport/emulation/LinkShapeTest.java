package dev.cleave.transport.emulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What cannot be a link is refused by name and value. */
class LinkShapeTest {
    @ParameterizedTest
    @CsvSource({
        "0, 1e6, 10, 0, 0, upBitsPerSecond: 0.0",
        "NaN, 1e6, 10, 0, 0, upBitsPerSecond: NaN",
        "1e6, -1, 10, 0, 0, downBitsPerSecond: -1.0",
        "1e6, 1e6, -1, 0, 0, roundTripMillis: -1.0",
        "1e6, 1e6, 60001, 0, 0, roundTripMillis: 60001.0",
        "1e6, 1e6, 10, NaN, 0, jitterMillis: NaN",
        "1e6, 1e6, 10, 0, 1.5, stallProbability: 1.5",
        "1e6, 1e6, 10, 0, -0.1, stallProbability: -0.1"
    })
    void refusesWhatIsNoLink(double up, double down, double roundTrip, double jitter, double stall, String message) {
        assertThatThrownBy(() -> new LinkShape(up, down, roundTrip, jitter, stall))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aStallIsTwoRoundTripsButNeverLessThanTheShortestTimer() {
        assertThat(LinkShape.of(1, 5).stallMillis()).isEqualTo(200);
        assertThat(LinkShape.of(1, 150).stallMillis()).isEqualTo(300);
    }

    @Test
    void aShareOfTheBandwidthLeavesTheRest() {
        LinkShape shape = new LinkShape(1e6, 2e6, 40, 3, 0.01);
        assertThat(shape.withBandwidth(0.1)).isEqualTo(new LinkShape(1e5, 2e5, 40, 3, 0.01));
    }
}
