package dev.cleave.optimizer.plan;

import dev.cleave.optimizer.profile.Checks;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What the planner answers. */
public sealed interface PlanAnswer {
    /**
     * There is a plan.
     *
     * @param best of all settings
     * @param runnersUp the best of the other splits, best first
     * @param binding the constraint that costs the objective most: without it, {@code without} would be the plan
     */
    record Planned(Plan best, List<Plan> runnersUp, Optional<Binding> binding) implements PlanAnswer {
        /** Copies the list. */
        public Planned {
            runnersUp = Checks.copy(runnersUp);
        }
    }

    /**
     * What keeps a plan from being better.
     *
     * @param constraint that binds
     * @param without the best plan if nothing but that constraint were lifted
     */
    record Binding(Constraint constraint, Plan without) {}

    /**
     * No setting keeps the budget.
     *
     * @param nearest budgets that would do, those that change a single limit first; at least one
     */
    record Infeasible(List<Nearest> nearest) implements PlanAnswer {
        /** Copies the list. */
        public Infeasible {
            nearest = Checks.copy(nearest);
        }
    }

    /**
     * A budget that would do.
     *
     * @param limits what must be raised, and to what
     * @param plan that it allows
     */
    record Nearest(Map<Constraint, Double> limits, Plan plan) {
        /** Copies the map. */
        public Nearest {
            limits = new TreeMap<>(limits);
        }
    }
}
