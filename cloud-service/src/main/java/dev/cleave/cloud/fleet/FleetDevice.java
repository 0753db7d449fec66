package dev.cleave.cloud.fleet;

import dev.cleave.optimizer.plan.Budget;
import dev.cleave.optimizer.plan.Constraint;
import dev.cleave.optimizer.plan.PlanRequest;
import dev.cleave.optimizer.profile.Checks;

/**
 * A device of a fleet.
 *
 * @param name in answers
 * @param request what it would ask for alone
 * @param tokensPerSecond of answers, on average over all its sessions, above 0
 * @param sessions at once, each with room for the plan's whole length
 * @param priority weight with which it counts as served, 1..1000
 */
public record FleetDevice(String name, PlanRequest request, double tokensPerSecond, int sessions, int priority) {
    private static final int MOST_PRIORITY = 1000;
    private static final double LEAST_RATE = 1e-6;
    private static final double MOST_RATE = 1e6;
    private static final double MILLIS = 1000;

    /** Checks the ranges. */
    public FleetDevice {
        Checks.within("tokensPerSecond", tokensPerSecond, LEAST_RATE, MOST_RATE);
        Checks.within("sessions", sessions, 1, 1 << 16);
        Checks.within("priority", priority, 1, MOST_PRIORITY);
    }

    /** Returns the ms a token that its sessions may take, on average, to generate as much as it needs. */
    public double paceMillis() {
        return MILLIS * sessions / tokensPerSecond;
    }

    /** Returns the request with a budget that also keeps the pace: the promised time of every later token does. */
    PlanRequest paced() {
        Budget budget = request.budget();
        return paceMillis() < budget.tokenMillis()
                ? request.with(budget.with(Constraint.TOKEN, paceMillis()))
                : request;
    }
}
