package dev.cleave.optimizer.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RepeatedTest {
    @Test
    void repeatsWithinItsBoundsAfterAFirstTimeThatDoesNotCount() throws Exception {
        AtomicInteger gates = new AtomicInteger();
        AtomicInteger runs = new AtomicInteger();
        Repeated times = Repeated.of(new Effort(2, 3, 9, 1_000_000), gates::incrementAndGet, runs::incrementAndGet);

        assertThat(runs).hasValue(10);
        assertThat(gates).hasValue(10);
        assertThat(times.median()).isNotNegative();
        assertThat(times.spread()).isNotNegative();
    }

    @Test
    void whatTakesLongerThanItsSliceIsDoneTwice() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        Repeated.of(new Effort(2, 20, 100, 1), Gate.OPEN, () -> {
            runs.incrementAndGet();
            long end = System.nanoTime() + 3_000_000;
            while (System.nanoTime() - end < 0) {
                Thread.onSpinWait();
            }
        });

        assertThat(runs).hasValue(3);
    }

    @Test
    void aGateThatIsShutStopsIt() {
        Gate shut = () -> {
            throw new InterruptedException();
        };
        assertThatThrownBy(() -> Repeated.of(Effort.QUICK, shut, () -> {})).isInstanceOf(InterruptedException.class);
    }

    @Test
    void twoSlicesCountTogether() throws Exception {
        Repeated quick = Repeated.of(new Effort(2, 5, 5, 1_000_000), Gate.OPEN, () -> {});
        Repeated slow = Repeated.of(new Effort(2, 6, 6, 1_000_000), Gate.OPEN, () -> {
            long end = System.nanoTime() + 2_000_000;
            while (System.nanoTime() - end < 0) {
                Thread.onSpinWait();
            }
        });

        assertThat(quick.and(slow).median()).isEqualTo(slow.and(quick).median()).isGreaterThanOrEqualTo(2);
    }
}
