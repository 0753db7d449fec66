package dev.cleave.quality.evaluation;

/**
 * How many of how many, with Wilson's 95 % confidence interval.
 *
 * @param count of successes
 * @param total of trials
 * @param share count / total
 * @param low end of the interval
 * @param high end of the interval
 */
public record Share(long count, long total, double share, double low, double high) {
    private static final double Z = 1.959964;

    static Share of(long count, long total) {
        if (total == 0) {
            return new Share(0, 0, 0, 0, 1);
        }
        double p = (double) count / total;
        double z2 = Z * Z / total;
        double middle = (p + z2 / 2) / (1 + z2);
        double half = Z / (1 + z2) * Math.sqrt(p * (1 - p) / total + z2 / (4 * total));
        return new Share(count, total, p, Math.max(0, middle - half), Math.min(1, middle + half));
    }
}
