package dev.cleave.optimizer.plan;

import dev.cleave.optimizer.ProfileException;
import dev.cleave.optimizer.profile.ComputeProfile;
import dev.cleave.optimizer.profile.LinkProfile;
import dev.cleave.optimizer.profile.QualityProfile;

/**
 * Everything that a plan depends on.
 *
 * @param device what the device's machine needs
 * @param cloud what the cloud's machine needs
 * @param link between them
 * @param quality what is lost
 */
public record PlanRequest(
        ComputeProfile device,
        ComputeProfile cloud,
        LinkProfile link,
        QualityProfile quality,
        Demand demand,
        Budget budget,
        Choices choices,
        Objective objective) {
    /** Checks that the profiles speak of one model. */
    public PlanRequest {
        same(
                "cloud.modelHash",
                cloud.provenance().modelHash(),
                device.provenance().modelHash());
        same("quality.modelHash", quality.modelHash(), device.provenance().modelHash());
        same("cloud.mode", cloud.mode(), device.mode());
        if (cloud.layers() != device.layers()) {
            throw new ProfileException(
                    "cloud.widths.layers", cloud.layers() + " layers", "the device's " + device.layers());
        }
        if (demand.leastTokens() > device.memory().context()) {
            throw new ProfileException(
                    "demand",
                    demand.leastTokens() + " tokens",
                    "at most the model's context, " + device.memory().context());
        }
    }

    /** Returns how many settings there are at most, lengths not counted: what planning takes grows with it. */
    public double settings() {
        double splits = choices.splits().isEmpty()
                ? device.layers() + 1.0
                : choices.splits().size();
        double links = Math.max(1, quality.links().size());
        return splits
                * device.widths().size()
                * cloud.widths().size()
                * device.kv().size()
                * (choices.promptLinks().isEmpty()
                        ? links
                        : choices.promptLinks().size())
                * (choices.decodeLinks().isEmpty()
                        ? links
                        : choices.decodeLinks().size());
    }

    private static void same(String field, String found, String expected) {
        if (!found.equals(expected)) {
            throw new ProfileException(field, "'" + found + "'", "that of the device's profile, '" + expected + "'");
        }
    }

    /** Returns the same request with another budget. */
    public PlanRequest with(Budget other) {
        return new PlanRequest(device, cloud, link, quality, demand, other, choices, objective);
    }

    /** Returns the same request with other choices. */
    public PlanRequest with(Choices other) {
        return new PlanRequest(device, cloud, link, quality, demand, budget, other, objective);
    }

    /** Returns the same request over another link. */
    public PlanRequest with(LinkProfile other) {
        return new PlanRequest(device, cloud, other, quality, demand, budget, choices, objective);
    }
}
