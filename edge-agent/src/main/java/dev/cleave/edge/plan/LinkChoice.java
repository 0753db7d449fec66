package dev.cleave.edge.plan;

import dev.cleave.codec.CodecLevel;
import dev.cleave.edge.CliException;
import dev.cleave.edge.ExitCode;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.optimizer.profile.LinkLoss;
import dev.cleave.optimizer.profile.QualityProfile;
import java.util.Optional;

/** What {@code --link auto} chooses. */
public final class LinkChoice {
    private LinkChoice() {}

    /**
     * Returns the quality with the fewest bytes for a generated token that keeps a bound at a split.
     *
     * @param rise greatest rise of the perplexity: 0.01 for one per cent
     * @throws CliException with {@code OUT_OF_RANGE} where the bundle's losses were not measured
     */
    public static CodecLevel cheapest(Bundle bundle, int split, double rise) {
        QualityProfile profile = Qualities.of(bundle)
                .orElseThrow(() -> new CliException(
                        ExitCode.OUT_OF_RANGE,
                        "--link auto: the bundle " + bundle.name()
                                + " does not know what codec levels cost; measure it"
                                + " with cleave prepare --calibrate, or name a quality"));
        CodecLevel cheapest = CodecLevel.of("lossless");
        double fewest = Double.MAX_VALUE;
        for (LinkLoss link : profile.links()) {
            Optional<LinkLoss.Point> point = link.at(split);
            if (point.isPresent()
                    && Math.expm1(point.get().loss()) <= rise
                    && point.get().decodeBytes() < fewest) {
                fewest = point.get().decodeBytes();
                cheapest = CodecLevel.of(link.link());
            }
        }
        return cheapest;
    }
}
