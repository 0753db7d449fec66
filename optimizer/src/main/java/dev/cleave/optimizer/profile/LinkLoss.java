package dev.cleave.optimizer.profile;

import dev.cleave.optimizer.ProfileException;
import java.util.List;
import java.util.Optional;

/**
 * What a codec level sends and loses, by split.
 *
 * @param link its name
 * @param tuned whether it exists only at the splits that were calibrated; the others are interpolated
 * @param points in rising order of splits, at least one
 */
public record LinkLoss(String link, boolean tuned, List<Point> points) {
    private static final double MOST_BYTES = 1e9;
    private static final double MOST_LOSS = 100;

    /**
     * A measurement.
     *
     * @param split ℓ
     * @param promptBytes codec's bytes a token of a prompt
     * @param decodeBytes codec's bytes a generated token, with the frame's header
     * @param loss mean divergence KL, nats a token
     * @param memoryBytes that the device's encoder holds: the calibration
     */
    public record Point(int split, double promptBytes, double decodeBytes, double loss, long memoryBytes) {
        /** Checks the ranges. */
        public Point {
            Checks.within("split", split, 0, 1 << 20);
            Checks.within("promptBytes", promptBytes, 0, MOST_BYTES);
            Checks.within("decodeBytes", decodeBytes, 0, MOST_BYTES);
            Checks.within("loss", loss, 0, MOST_LOSS);
            Checks.within("memoryBytes", memoryBytes, 0, 1L << 40);
        }
    }

    /** Checks the order. */
    public LinkLoss {
        if (link.isEmpty() || points.isEmpty()) {
            throw new ProfileException("links", link + " with " + points.size() + " points", "a name and measurements");
        }
        points = Checks.copy(points);
        for (int i = 1; i < points.size(); i++) {
            if (points.get(i).split() <= points.get(i - 1).split()) {
                throw new ProfileException(
                        "points[" + i + "].split", points.get(i).split(), "rising splits");
            }
        }
    }

    /** Returns what it costs at a split; empty where it does not exist there. */
    public Optional<Point> at(int split) {
        Point before = points.get(0);
        for (Point point : points) {
            if (point.split() == split) {
                return Optional.of(point);
            }
            if (point.split() > split) {
                return tuned ? Optional.empty() : Optional.of(between(before, point, split));
            }
            before = point;
        }
        return tuned ? Optional.empty() : Optional.of(between(before, before, split));
    }

    private static Point between(Point left, Point right, int split) {
        double share = left == right ? 0 : (double) (split - left.split()) / (right.split() - left.split());
        return new Point(
                split,
                left.promptBytes() + share * (right.promptBytes() - left.promptBytes()),
                left.decodeBytes() + share * (right.decodeBytes() - left.decodeBytes()),
                left.loss() + share * (right.loss() - left.loss()),
                Math.max(left.memoryBytes(), right.memoryBytes()));
    }
}
