package dev.cleave.generation.link;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.cleave.codec.CodecLevel;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The governor against a link of bytes / bandwidth + round trip, in milliseconds that nobody waits for. */
class LinkGovernorTest {
    private static final String[] NAMES = {"lossless", "bf16", "int8", "tabq-04", "tabq-08", "tabq-16", "tabq-24"};
    private static final int[] BYTES = {780, 396, 212, 126, 102, 79, 66};
    private static final int OTHER_BYTES = 120;
    private static final double ELSEWHERE_MILLIS = 10;
    private static final double DEADLINE = 60;

    private final List<Integer> rungs = new ArrayList<>();
    private final List<Double> times = new ArrayList<>();
    private double bytesPerMilli = 100;
    private double roundTrip = 10;
    private DoubleSupplier jitter = () -> 0;
    private final LinkGovernor governor = governor(NAMES.length);

    @Test
    void keepsThePlannedQualityWhileItHolds() {
        steps(500);

        assertThat(rungs).containsOnly(0);
    }

    @Test
    void keepsTheDeadlineWithinFiveTokensAfterBandwidthFallsToATenthAndComesBack() {
        steps(50);
        bytesPerMilli = 10;
        steps(100);

        assertThat(times.subList(50 + 5, 150))
                .allSatisfy(time -> assertThat(time).isLessThanOrEqualTo(DEADLINE));
        assertThat(changes()).as("no rung is tried that cannot hold").isEqualTo(1);
        assertThat(rungs.get(149)).isPositive();

        bytesPerMilli = 100;
        steps(200);

        assertThat(rungs.get(349)).isZero();
        assertThat(times.subList(150, 350)).allSatisfy(time -> assertThat(time).isLessThanOrEqualTo(DEADLINE));
    }

    @Test
    void takesTheFinestQualityThatHolds() {
        steps(20);
        bytesPerMilli = 15;
        steps(20);

        // 20 + (396 + 120) / 15 = 54.4 ms: in time, but too near to the deadline.
        assertThat(rungs.get(39)).isEqualTo(2);
    }

    @Test
    void goesUpOnlyAsFarAsThereIsRoom() {
        steps(20);
        bytesPerMilli = 5;
        steps(20);
        assertThat(rungs.get(39)).isGreaterThan(2);
        bytesPerMilli = 11;
        steps(200);

        assertThat(rungs.get(239)).isEqualTo(2);
        assertThat(times.subList(40, 240)).allSatisfy(time -> assertThat(time).isLessThanOrEqualTo(DEADLINE));
    }

    @Test
    void findsItsWayOnALinkThatWasNarrowFromTheBeginning() {
        bytesPerMilli = 8;
        steps(400);

        assertThat(times.subList(100, 400).stream().filter(time -> time > DEADLINE))
                .hasSizeLessThan(20);
    }

    @Test
    void comesBackWhereTheRoundTripTakesMostOfTheDeadline() {
        roundTrip = 38;
        steps(20);
        bytesPerMilli = 10;
        steps(40);
        assertThat(rungs.get(59)).isGreaterThan(3);
        bytesPerMilli = 100;
        steps(40);

        assertThat(rungs.get(99)).isZero();
    }

    @Test
    void findsOutThatALinkHasOnlyBecomeLonger() {
        steps(20);
        roundTrip = 35;
        bytesPerMilli = 40;
        steps(20);
        assertThat(rungs.get(39)).isPositive();
        bytesPerMilli = 100;
        steps(10_000);

        // 45 + 900 / 100 = 54 ms: in time all along, but not predicted by what the link was before.
        assertThat(rungs.get(rungs.size() - 1)).isZero();
    }

    @Test
    void takesASingleLateTokenForNoise() {
        for (int i = 0; i < 20; i++) {
            steps(9);
            jitter = () -> 1000;
            steps(1);
            jitter = () -> 0;
        }

        assertThat(rungs).containsOnly(0);
    }

    @Test
    void staysWhereItIsInNoise() {
        Random random = new Random(4);
        // Above 22 ms, which makes a token late, once in eighty.
        jitter = () -> -5 * Math.log(1 - random.nextDouble());
        steps(2000);

        assertThat(changes()).isLessThan(20);
        assertThat(rungs.stream().filter(rung -> rung == 0)).hasSizeGreaterThan(1700);
    }

    @Test
    void triesAgainAtLongerAndLongerIntervals() {
        // No line through bytes and time tells that long frames are stuck: each try fails.
        int[] stuck = {0};
        steps(20);
        int before = rungs.size();
        for (int i = 0; i < 2000; i++) {
            jitter = () -> rungs.get(rungs.size() - 1) < 2 ? 100 : 0;
            steps(1);
            stuck[0] += times.get(times.size() - 1) > DEADLINE ? 1 : 0;
        }

        long tries = 0;
        for (int i = before + 1; i < rungs.size(); i++) {
            tries += rungs.get(i) < rungs.get(i - 1) ? 1 : 0;
        }
        assertThat(tries).isBetween(2L, 12L);
        assertThat(stuck[0]).isLessThan(30);
    }

    @Test
    void forgetsTheIntervalsOnceATryHasSucceeded() {
        jitter = () -> rungs.get(rungs.size() - 1) < 2 ? 100 : 0;
        steps(500);
        jitter = () -> 0;
        steps(600);
        assertThat(rungs.get(rungs.size() - 1)).isZero();

        jitter = () -> rungs.get(rungs.size() - 1) < 2 ? 100 : 0;
        steps(5);
        assertThat(rungs.get(rungs.size() - 1)).isPositive();
        jitter = () -> 0;
        steps(2 * LinkGovernor.LEAST_WAIT);

        assertThat(rungs.get(rungs.size() - 1)).isZero();
    }

    @Test
    void leavesNothingOnTheHeap() {
        ThreadMXBean threads =
                (ThreadMXBean) ManagementFactory.getPlatformMXBean(java.lang.management.ThreadMXBean.class);
        Random random = new Random(7);
        long before = 0;
        for (int i = 0; i < 20_000; i++) {
            if (i == 10_000) {
                before = threads.getCurrentThreadAllocatedBytes();
            }
            double link = 20 + 60 * random.nextDouble();
            governor.next(i);
            governor.took(nanos(link + ELSEWHERE_MILLIS), nanos(link), 100, OTHER_BYTES);
        }

        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(10_000);
    }

    @Test
    void hasNothingLeftWhereNoQualityHolds() {
        assertThat(governor.exhausted()).isFalse();
        roundTrip = 500;
        steps(50);

        assertThat(governor.exhausted()).isTrue();
        assertThat(rungs.get(49)).isEqualTo(NAMES.length - 1);
    }

    @Test
    void hasNothingLeftFromTheBeginningWithOneQuality() {
        LinkGovernor single = governor(1);
        for (int i = 0; i < 10; i++) {
            single.took(nanos(100), nanos(50), BYTES[0], OTHER_BYTES);
        }

        assertThat(single.exhausted()).isTrue();
        assertThat(single.next(10).name()).isEqualTo(NAMES[0]);
    }

    private void steps(int count) {
        for (int i = 0; i < count; i++) {
            int rung = List.of(NAMES).indexOf(governor.next(rungs.size()).name());
            rungs.add(rung);
            double link = roundTrip + (BYTES[rung] + OTHER_BYTES) / bytesPerMilli + jitter.getAsDouble();
            double total = ELSEWHERE_MILLIS + link;
            times.add(total);
            governor.took(nanos(total), nanos(link), BYTES[rung], OTHER_BYTES);
        }
    }

    private long changes() {
        long changes = 0;
        for (int i = 1; i < rungs.size(); i++) {
            changes += rungs.get(i).equals(rungs.get(i - 1)) ? 0 : 1;
        }
        return changes;
    }

    private static LinkGovernor governor(int length) {
        LinkGovernor governor = new LinkGovernor(
                Stream.of(NAMES).limit(length).map(CodecLevel::of).toList(), nanos(DEADLINE));
        for (int rung = 0; rung < length; rung++) {
            governor.expect(rung, BYTES[rung]);
        }
        return governor;
    }

    private static long nanos(double millis) {
        return (long) (millis * 1e6);
    }
}
