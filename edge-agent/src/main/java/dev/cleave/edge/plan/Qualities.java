package dev.cleave.edge.plan;

import dev.cleave.model.ModelException;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.optimizer.file.QualityFile;
import dev.cleave.optimizer.profile.ComputeProfile;
import dev.cleave.optimizer.profile.LinkProfile;
import dev.cleave.optimizer.profile.QualityProfile;
import java.util.Optional;

/** What a bundle says of its losses. */
public final class Qualities {
    private Qualities() {}

    /** Returns what was measured with the bundle; empty where nothing was. */
    public static Optional<QualityProfile> of(Bundle bundle) {
        return bundle.quality().map(bytes -> read(bundle, bytes));
    }

    private static QualityProfile read(Bundle bundle, byte[] bytes) {
        String source = "the losses of " + bundle.name();
        QualityProfile profile = QualityFile.read(bytes, source);
        if (!profile.modelHash().equals(bundle.modelHash())) {
            throw new ModelException(
                    ModelException.Reason.DAMAGED_BUNDLE,
                    source + ": field modelHash: that of the bundle, " + bundle.modelHash() + ", is expected, found "
                            + profile.modelHash() + ". Measure again with cleave prepare --calibrate");
        }
        return profile;
    }

    /** Returns a plan's inputs: with the bundle's losses, or what stands in for them. */
    public static PlanInputs inputs(Bundle bundle, ComputeProfile device, ComputeProfile cloud, LinkProfile link) {
        Optional<QualityProfile> measured = of(bundle);
        return new PlanInputs(
                device, cloud, link, measured.orElseGet(() -> UnmeasuredQuality.of(bundle)), measured.isPresent());
    }
}
