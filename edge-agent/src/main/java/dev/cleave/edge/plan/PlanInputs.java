package dev.cleave.edge.plan;

import dev.cleave.optimizer.plan.Budget;
import dev.cleave.optimizer.plan.Choices;
import dev.cleave.optimizer.plan.Demand;
import dev.cleave.optimizer.plan.Objective;
import dev.cleave.optimizer.plan.PlanRequest;
import dev.cleave.optimizer.profile.ComputeProfile;
import dev.cleave.optimizer.profile.LinkProfile;
import dev.cleave.optimizer.profile.QualityProfile;

/**
 * What was measured, of everything that a plan depends on.
 *
 * @param device this machine
 * @param cloud the worker's machine
 * @param link between them
 * @param quality what is lost
 * @param qualityMeasured whether {@code quality} says more than how many bytes a link takes
 */
public record PlanInputs(
        ComputeProfile device,
        ComputeProfile cloud,
        LinkProfile link,
        QualityProfile quality,
        boolean qualityMeasured) {
    /** What is asked for, besides. */
    public record Wish(Demand demand, Budget budget, Choices choices, Objective objective) {}

    /** Returns the request. */
    public PlanRequest request(Wish wish) {
        return new PlanRequest(
                device, cloud, link, quality, wish.demand(), wish.budget(), wish.choices(), wish.objective());
    }
}
