package dev.cleave.optimizer.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cleave.model.property.Cases;
import dev.cleave.optimizer.profile.Line;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LineFitTest {
    @Test
    void pointsOnALineGiveTheLine() {
        for (double base : new double[] {0.01, 1, 100}) {
            for (double slope : new double[] {0, 0.001, 0.1}) {
                pointsGive(base, slope);
            }
        }
        Cases.check(1000, seed -> {
            Random random = new Random(seed);
            // As many small ones as great ones.
            pointsGive(Math.pow(10, -2 + 4 * random.nextDouble()), 0.1 * Math.pow(random.nextDouble(), 4));
        });
    }

    private static void pointsGive(double base, double slope) {
        Line line = LineFit.of(Map.of(0.0, base, 300.0, base + 300 * slope, 1000.0, base + 1000 * slope));

        assertThat(line.base()).isCloseTo(base, within(1e-3 * (base + 1000 * slope)));
        assertThat(line.slope()).isCloseTo(slope, within(1e-4 * slope + 1e-6 * base));
    }

    /** However the points lie: no time is negative, and none falls with the position. */
    @Test
    void aLineIsAlwaysPossible() {
        Cases.check(1000, LineFitTest::aLineIsPossible);
    }

    private static void aLineIsPossible(long seed) {
        Random random = new Random(seed);
        Map<Double, Double> points = new TreeMap<>();
        double most = 0;
        double least = Double.MAX_VALUE;
        for (int i = 1 + random.nextInt(6); i > 0; i--) {
            double y = Math.exp(2 * random.nextGaussian());
            points.put((double) random.nextInt(5000), y);
        }
        for (double y : points.values()) {
            most = Math.max(most, y);
            least = Math.min(least, y);
        }
        Line line = LineFit.of(points);

        assertThat(line.slope()).isNotNegative();
        assertThat(line.base()).isBetween(0.0999 * least, 1.0001 * most);
    }

    @Test
    void aFallingTimeIsLevel() {
        assertThat(LineFit.of(Map.of(0.0, 3.0, 100.0, 1.0))).isEqualTo(new Line(2, 0));
    }

    @Test
    void onePointIsLevel() {
        assertThat(LineFit.of(Map.of(63.5, 0.25))).isEqualTo(new Line(0.25, 0));
    }
}
