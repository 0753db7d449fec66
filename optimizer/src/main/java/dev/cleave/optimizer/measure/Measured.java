package dev.cleave.optimizer.measure;

import dev.cleave.optimizer.profile.ComputeProfile;
import java.util.Map;

/**
 * What was measured.
 *
 * @param profile the figures
 * @param spread how far repetitions lay apart, (third quartile − first) / median, the greatest of each kind: {@code decode-4}
 *     of decoding at 4 bits, {@code prefill-4}, {@code head-4}, {@code codec}
 */
public record Measured(ComputeProfile profile, Map<String, Double> spread) {}
