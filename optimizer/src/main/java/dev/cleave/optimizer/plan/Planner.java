package dev.cleave.optimizer.plan;

import dev.cleave.optimizer.ProfileException;
import dev.cleave.optimizer.plan.PlanAnswer.Binding;
import dev.cleave.optimizer.plan.PlanAnswer.Infeasible;
import dev.cleave.optimizer.plan.PlanAnswer.Nearest;
import dev.cleave.optimizer.plan.PlanAnswer.Planned;
import dev.cleave.optimizer.profile.WidthCost;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Chooses split, widths, codec levels, precision of keys and values, and length. It looks at every setting of the grid; a
 * branch is left out only where no setting in it can matter. The length needs no search of its own: what it costs grows with
 * it, and the objective is linear in it, so that it is the least, or the greatest that the budget bears.
 */
public final class Planner {
    private static final int RUNNERS_UP = 5;

    private Planner() {}

    /**
     * Plans.
     *
     * @throws ProfileException where the profiles lack what the request asks for
     */
    public static PlanAnswer plan(PlanRequest request) {
        CandidateCost candidate = new CandidateCost(new CostTables(request));
        Search search = new Search(request);
        Grid.visit(request, candidate, search);
        if (!search.any()) {
            throw new ProfileException(
                    "choices",
                    request.choices(),
                    "at least one setting that the profiles know: tuned levels exist only at calibrated splits");
        }
        // Stable: what is equal in all respects stays in the order of the splits.
        List<Plan> best = Arrays.stream(search.bySplit())
                .filter(Slot::filled)
                .sorted()
                .limit(1 + RUNNERS_UP)
                .map(slot -> slot.plan(candidate))
                .collect(Collectors.toList());
        if (best.isEmpty()) {
            return new Infeasible(nearest(request, candidate, search));
        }
        return new Planned(best.get(0), best.subList(1, best.size()), binding(best.get(0), candidate, search));
    }

    private static Optional<Binding> binding(Plan best, CandidateCost candidate, Search search) {
        Optional<Binding> binding = Optional.empty();
        double least = best.cost();
        for (Constraint constraint : Constraint.values()) {
            Slot without = search.without(constraint);
            if (without.filled() && without.cost() < least) {
                least = without.cost();
                binding = Optional.of(new Binding(constraint, without.plan(candidate)));
            }
        }
        return binding;
    }

    private static List<Nearest> nearest(PlanRequest request, CandidateCost candidate, Search search) {
        List<Nearest> nearest = new ArrayList<>();
        for (Constraint constraint : Constraint.values()) {
            Slot slot = search.nearest(constraint);
            if (slot.filled()) {
                Plan plan = slot.plan(candidate);
                nearest.add(new Nearest(
                        Collections.singletonMap(constraint, plan.forecast().value(constraint)), plan));
            }
        }
        if (nearest.isEmpty()) {
            LeastExcess together = new LeastExcess(request);
            Grid.visit(request, candidate, together);
            nearest.add(together(request, together.slot().plan(candidate)));
        }
        return nearest;
    }

    private static Nearest together(PlanRequest request, Plan plan) {
        Map<Constraint, Double> limits = new EnumMap<>(Constraint.class);
        for (Constraint constraint : Constraint.values()) {
            double value = plan.forecast().value(constraint);
            if (value > request.budget().limit(constraint)) {
                limits.put(constraint, value);
            }
        }
        return new Nearest(limits, plan);
    }

    /**
     * Returns the best plan that keeps the budget for each split and each width of the back segment: for every share of the work
     * that the cloud may get, what is best for the device. In rising order of splits, then in the order of the cloud's widths.
     *
     * @throws ProfileException where the profiles lack what the request asks for
     */
    public static List<Plan> shares(PlanRequest request) {
        List<Plan> shares = new ArrayList<>();
        boolean any = false;
        for (WidthCost width : request.cloud().widths()) {
            if (Choices.allows(request.choices().backBits(), width.bits())) {
                PlanRequest only =
                        request.with(request.choices().withBackBits(Collections.singletonList(width.bits())));
                CandidateCost candidate = new CandidateCost(new CostTables(only));
                Search search = new Search(only);
                Grid.visit(only, candidate, search);
                any |= search.any();
                // Nothing is left to the cloud at the last split: once is enough.
                int splits = search.bySplit().length - (shares.isEmpty() ? 0 : 1);
                for (int split = 0; split < splits; split++) {
                    if (search.bySplit()[split].filled()) {
                        shares.add(search.bySplit()[split].plan(candidate));
                    }
                }
            }
        }
        if (!any) {
            // It says what is missing.
            plan(request);
        }
        shares.sort(Comparator.comparingInt(plan -> plan.setting().split()));
        return shares;
    }

    /**
     * Returns the plans that keep the budget and of which no other needs at most as much memory, expected time and loss, and
     * less of one: in rising order of memory, at the least length.
     */
    public static List<Plan> front(PlanRequest request) {
        CandidateCost candidate = new CandidateCost(new CostTables(request));
        FrontSearch search = new FrontSearch(request);
        Grid.visit(request, candidate, search);
        return search.front();
    }
}
