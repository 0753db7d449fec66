package dev.cleave.optimizer.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Collects settings that keep the budget, and sifts out what others dominate. */
final class FrontSearch implements Grid.Visitor {
    private final Budget budget;
    private final int length;
    private final List<Plan> kept = new ArrayList<>();

    /** Of settings of one split and memory, which follow each other: least loss by expected time. */
    private final TreeMap<Double, Double> seen = new TreeMap<>();

    private int split = -1;
    private long memory;

    FrontSearch(PlanRequest request) {
        budget = request.budget();
        length = request.demand().leastTokens();
    }

    @Override
    public void visit(CandidateCost candidate) {
        if (candidate.memory(length) <= budget.memoryBytes()
                && candidate.loss <= budget.loss()
                && candidate.first() <= budget.firstTokenMillis()
                && candidate.token(length) <= budget.tokenMillis()) {
            long needed = candidate.memory(length);
            if (needed != memory || candidate.split != split) {
                seen.clear();
                memory = needed;
                split = candidate.split;
            }
            if (improves(seen, candidate.expectedMillis, candidate.loss)) {
                kept.add(candidate.plan(length));
            }
        }
    }

    List<Plan> front() {
        kept.sort(
                Comparator.<Plan>comparingLong(plan -> plan.forecast().memory().total())
                        .thenComparingDouble(plan -> plan.forecast().expectedMillis())
                        .thenComparingDouble(plan -> plan.forecast().loss()));
        TreeMap<Double, Double> stairs = new TreeMap<>();
        List<Plan> front = new ArrayList<>();
        for (Plan plan : kept) {
            if (improves(
                    stairs, plan.forecast().expectedMillis(), plan.forecast().loss())) {
                front.add(plan);
            }
        }
        return front;
    }

    /** Adds a point to a staircase of falling losses by rising times, and returns whether it was not dominated. */
    private static boolean improves(TreeMap<Double, Double> stairs, double millis, double loss) {
        Map.Entry<Double, Double> before = stairs.floorEntry(millis);
        if (before != null && before.getValue() <= loss) {
            return false;
        }
        Map.Entry<Double, Double> after = stairs.ceilingEntry(millis);
        while (after != null && after.getValue() >= loss) {
            stairs.remove(after.getKey());
            after = stairs.ceilingEntry(millis);
        }
        stairs.put(millis, loss);
        return true;
    }
}
