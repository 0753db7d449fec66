package dev.cleave.optimizer.profile;

/**
 * A time that grows with the position in the text: {@code base + slope · position}, in ms.
 *
 * @param base at position 0, 0..10⁶ ms
 * @param slope for each position, 0..10³ ms
 */
public record Line(double base, double slope) {
    /** No time at all. */
    public static final Line ZERO = new Line(0, 0);

    private static final double MOST_BASE = 1e6;
    private static final double MOST_SLOPE = 1e3;

    /** Checks the ranges. */
    public Line {
        Checks.within("base", base, 0, MOST_BASE);
        Checks.within("slope", slope, 0, MOST_SLOPE);
    }

    /** Returns the ms at a position. */
    public double at(double position) {
        return base + slope * position;
    }
}
