package dev.cleave.cloud.fleet;

import dev.cleave.cloud.fleet.Choice.Assignment;
import dev.cleave.cloud.fleet.FleetRequest.Effort;
import dev.cleave.cloud.fleet.Knapsack.Goal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeSet;

/**
 * Serves the greatest weight, then at the least cost, by OR-Tools: GLOP solves the linear relaxation, whose value bounds what is
 * possible. Of a multiple-choice knapsack with m shared rows it leaves at most m groups and one undecided, so that SCIP then
 * decides on these and on the groups whose decision is nearest to another one, all others standing still; it gets more groups
 * until the answer is near enough to the bound, or has all.
 */
final class ChoiceSolver {
    private static final int FIRST_CORE = 48;
    private static final int GROWTH = 4;
    private static final double ROUNDING = 1e-6;

    /** Where rounding took more than there is, so much less is given away. */
    private static final double CAREFUL = 1 - 4e-9;

    private final Choice problem;
    private final Effort effort;
    private final long end;

    private ChoiceSolver(Choice problem, Effort effort) {
        this.problem = problem;
        this.effort = effort;
        end = System.nanoTime() + effort.time().toNanos();
    }

    /**
     * What was found.
     *
     * @param weightBound no assignment serves more
     * @param costBound none that serves as much costs less
     */
    record Solution(Assignment assignment, long weightBound, OptionalDouble costBound) {}

    static Solution solve(Choice problem, Effort effort) {
        return new ChoiceSolver(problem, effort).solve();
    }

    private Solution solve() {
        Assignment best = new Assignment(problem);
        best.fill();
        long all = problem.groups().stream()
                .mapToLong(group -> (long) group.count() * group.weight())
                .sum();
        if (all == 0) {
            return new Solution(best, 0, OptionalDouble.of(0));
        }
        Stage weights = new Stage(Goal.WEIGHT, 0, best);
        // The cost's turn comes as well.
        weights.run(millisLeft() / 2);
        best = new Assignment(weights.best);
        best.fill();
        long weight = best.weight();
        long bound = weights.bound.isPresent()
                ? Math.min(all, (long) Math.floor(weights.bound.getAsDouble() + ROUNDING))
                : all;
        Stage costs = new Stage(Goal.COST, weight, best);
        costs.run(millisLeft());
        // Only where the weights' bound was not reached can anybody else have room.
        best = new Assignment(costs.best);
        best.fill();
        return new Solution(best, Math.max(bound, best.weight()), costs.bound);
    }

    private long millisLeft() {
        return Math.max(0, (end - System.nanoTime()) / 1_000_000);
    }

    /** One of the two goals. */
    private final class Stage {
        private final Goal goal;
        private final long least;
        private Assignment best;
        private OptionalDouble bound = OptionalDouble.empty();
        private long stop;

        Stage(Goal goal, long least, Assignment best) {
            this.goal = goal;
            this.least = least;
            this.best = best;
        }

        void run(long millis) {
            stop = System.nanoTime() + millis * 1_000_000;
            List<Integer> all = new ArrayList<>();
            for (int i = 0; i < problem.groups().size(); i++) {
                all.add(i);
            }
            List<Integer> softest = new ArrayList<>(all);
            int undecided = 0;
            Assignment still;
            try (Knapsack relaxed = knapsack(false, all, new Assignment(problem), 1)) {
                if (millis <= 0 || !relaxed.solve(left(), 0)) {
                    return;
                }
                bound = OptionalDouble.of(relaxed.bound());
                relaxed.rounded().ifPresent(this::offer);
                double[] firmness = new double[all.size()];
                for (int i = 0; i < firmness.length; i++) {
                    firmness[i] = relaxed.firmness(i);
                    undecided += firmness[i] < 0 ? 1 : 0;
                }
                softest.sort(Comparator.comparingDouble(group -> firmness[group]));
                still = relaxed.wholePart();
            }
            for (int size = FIRST_CORE; !reached() && left() > 0; size *= GROWTH) {
                int core = Math.min(all.size(), Math.max(size, undecided));
                decide(new ArrayList<>(new TreeSet<>(softest.subList(0, core))), still, core == all.size());
                if (core == all.size()) {
                    return;
                }
            }
        }

        private void decide(List<Integer> core, Assignment still, boolean whole) {
            Optional<Assignment> valid = decide(core, still, whole, 1);
            if (!valid.isPresent() && left() > 0) {
                valid = decide(core, still, false, CAREFUL);
            }
            valid.ifPresent(this::offer);
        }

        private Optional<Assignment> decide(List<Integer> core, Assignment still, boolean whole, double share) {
            try (Knapsack part = knapsack(true, core, still, share)) {
                if (!part.solve(left(), tolerance() / 2)) {
                    return Optional.empty();
                }
                if (whole) {
                    tighten(part.bound());
                }
                return part.rounded();
            }
        }

        private Knapsack knapsack(boolean whole, List<Integer> groups, Assignment still, double share) {
            return new Knapsack(problem, goal, whole, groups, still, least, share);
        }

        private void tighten(double other) {
            double old = bound.orElseThrow();
            bound = OptionalDouble.of(goal == Goal.WEIGHT ? Math.min(old, other) : Math.max(old, other));
        }

        private void offer(Assignment found) {
            boolean better = goal == Goal.WEIGHT
                    ? found.weight() > best.weight()
                    : found.weight() >= least && found.cost() < best.cost();
            if (better) {
                best = found;
            }
        }

        private double tolerance() {
            return goal == Goal.WEIGHT ? 0 : effort.gap() * Math.abs(bound.orElse(0));
        }

        private boolean reached() {
            double possible = bound.orElseThrow();
            return goal == Goal.WEIGHT
                    ? best.weight() >= Math.floor(possible + ROUNDING)
                    : best.cost() - possible <= tolerance();
        }

        private long left() {
            return Math.max(0, (stop - System.nanoTime()) / 1_000_000);
        }
    }
}
