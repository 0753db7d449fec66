package dev.cleave.optimizer.profile;

import dev.cleave.optimizer.ProfileException;
import java.util.List;

/**
 * A loss that was measured at a few splits: mean divergence KL in nats a token; between them it is interpolated, outside them
 * it stays.
 *
 * @param points in rising order of splits, at least one
 */
public record Curve(List<Point> points) {
    private static final double MOST = 100;

    /**
     * A measurement.
     *
     * @param split ℓ
     * @param loss nats a token, 0..100
     */
    public record Point(int split, double loss) {
        /** Checks the ranges. */
        public Point {
            Checks.within("split", split, 0, 1 << 20);
            Checks.within("loss", loss, 0, MOST);
        }
    }

    /** Checks the order. */
    public Curve {
        if (points.isEmpty()) {
            throw new ProfileException("points", "empty", "at least one measurement");
        }
        points = Checks.copy(points);
        for (int i = 1; i < points.size(); i++) {
            if (points.get(i).split() <= points.get(i - 1).split()) {
                throw new ProfileException(
                        "points[" + i + "].split", points.get(i).split(), "rising splits");
            }
        }
    }

    /** Returns the loss at a split. */
    public double at(int split) {
        Point before = points.get(0);
        for (Point point : points) {
            if (point.split() >= split) {
                if (point == before || point.split() == split) {
                    return point.loss();
                }
                double share = (double) (split - before.split()) / (point.split() - before.split());
                return before.loss() + share * (point.loss() - before.loss());
            }
            before = point;
        }
        return before.loss();
    }
}
