package dev.cleave.optimizer.measure;

import dev.cleave.optimizer.profile.Line;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Map;

/** A line through medians by least squares, neither falling nor beginning below a tenth of its least point. */
final class LineFit {
    private static final double LEAST_SHARE = 0.1;
    private static final MathContext DIGITS = new MathContext(5);

    private LineFit() {}

    /**
     * Fits.
     *
     * @param points ms by position, at least one
     */
    static Line of(Map<Double, Double> points) {
        double meanX = mean(points.keySet());
        double meanY = mean(points.values());
        double xx = 0;
        double xy = 0;
        double least = Double.MAX_VALUE;
        for (Map.Entry<Double, Double> point : points.entrySet()) {
            double x = point.getKey() - meanX;
            xx += x * x;
            xy += x * (point.getValue() - meanY);
            least = Math.min(least, point.getValue());
        }
        double slope = xx > 0 ? Math.max(0, xy / xx) : 0;
        double base = meanY - slope * meanX;
        double bound = LEAST_SHARE * least;
        if (base < bound) {
            // Through the middle of the points still.
            base = bound;
            slope = meanX > 0 ? Math.max(0, (meanY - base) / meanX) : 0;
        }
        return new Line(rounded(base), rounded(slope));
    }

    private static double mean(Iterable<Double> values) {
        double sum = 0;
        int count = 0;
        for (double value : values) {
            sum += value;
            count++;
        }
        return sum / count;
    }

    /** More digits than that no repetition confirms. */
    static double rounded(double value) {
        return value == 0 ? 0 : new BigDecimal(value).round(DIGITS).doubleValue();
    }
}
