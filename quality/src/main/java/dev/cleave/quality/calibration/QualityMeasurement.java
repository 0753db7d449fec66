package dev.cleave.quality.calibration;

import dev.cleave.optimizer.profile.QualityProfile;
import java.util.List;

/**
 * What {@link QualityRun} measured.
 *
 * @param profile in additive form
 * @param joint everything at once in the middle, which says how additive the losses are
 */
public record QualityMeasurement(QualityProfile profile, List<Joint> joint) {
    /**
     * Widths and link together.
     *
     * @param split ℓ
     * @param frontBits of layers 1..ℓ
     * @param backBits of the others
     * @param link between them
     * @param sum of the parts, nats a token
     * @param measured all together, nats a token
     */
    public record Joint(int split, int frontBits, int backBits, String link, double sum, double measured) {
        /** Returns how far the sum is from the measurement, in nats. */
        public double error() {
            return Math.abs(measured - sum);
        }
    }

    /** Returns the greatest error of the sums up to {@code most} nats; 0 where there is none. */
    public double error(double most) {
        return joint.stream()
                .filter(each -> each.sum() <= most)
                .mapToDouble(Joint::error)
                .max()
                .orElse(0);
    }
}
