package dev.cleave.cloud.fleet;

import com.google.ortools.Loader;
import com.google.ortools.linearsolver.MPConstraint;
import com.google.ortools.linearsolver.MPObjective;
import com.google.ortools.linearsolver.MPSolver;
import com.google.ortools.linearsolver.MPSolverParameters;
import com.google.ortools.linearsolver.MPVariable;
import dev.cleave.cloud.fleet.Choice.Assignment;
import dev.cleave.cloud.fleet.Choice.Group;
import dev.cleave.cloud.fleet.Choice.Option;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A part of the groups as a program for a solver, the others standing still. Loads are shares of the capacity, and costs of the
 * greatest one, so that the solver's tolerances mean the same for all.
 */
final class Knapsack implements AutoCloseable {
    private static final String RELAXED = "GLOP";
    private static final String WHOLE = "SCIP";
    private static final double TOUCHED = 1e-7;

    /** It must not use the tolerance to take more than there is. */
    private static final String EXACT = "numerics/feastol = 1e-9\n";

    /** What the solver is asked for. */
    enum Goal {
        /** Greatest weight of those served. */
        WEIGHT,
        /** Least cost. */
        COST
    }

    /** Unpacks and loads the solver's natives, the first time that anybody solves. */
    private static final class Natives {
        static {
            Loader.loadNativeLibraries();
        }

        static void load() {
            // The class's initializer has.
        }
    }

    private final Choice problem;
    private final Goal goal;
    private final Assignment still;
    private final List<Integer> groups;
    private final MPSolver solver;
    private final List<MPVariable[]> variables = new ArrayList<>();
    private final List<MPConstraint> rows = new ArrayList<>();
    private final double scale;
    private final double fixed;

    /**
     * Writes the program down.
     *
     * @param whole whether counts must be whole; else it is the relaxation
     * @param groups to decide on
     * @param still what the other groups take
     * @param least weight that is to be served
     * @param share of the free capacity that may be given away: a little less than all where rounding took more
     */
    Knapsack(
            Choice problem,
            Goal goal,
            boolean whole,
            List<Integer> groups,
            Assignment still,
            long least,
            double share) {
        Natives.load();
        this.problem = problem;
        this.goal = goal;
        this.groups = groups;
        this.still = new Assignment(still);
        for (int group : groups) {
            for (int j = 0; j < problem.groups().get(group).options().size(); j++) {
                this.still.set(group, j, 0);
            }
        }
        solver = MPSolver.createSolver(whole ? WHOLE : RELAXED);
        if (solver == null) {
            throw new IllegalStateException("OR-Tools has no solver " + (whole ? WHOLE : RELAXED));
        }
        if (whole) {
            solver.setSolverSpecificParametersAsString(EXACT);
        }
        scale = goal == Goal.WEIGHT ? 1 : greatestCost(problem);
        fixed = goal == Goal.WEIGHT ? this.still.weight() : this.still.cost();
        Load free = problem.capacity().minus(this.still.load());
        for (int group : groups) {
            Group alike = problem.groups().get(group);
            MPConstraint row = solver.makeConstraint(0, alike.count());
            MPVariable[] counts = new MPVariable[alike.options().size()];
            for (int j = 0; j < counts.length; j++) {
                boolean fits = alike.options().get(j).load().within(free);
                counts[j] = solver.makeVar(0, fits ? alike.count() : 0, whole, "");
                row.setCoefficient(counts[j], 1);
            }
            variables.add(counts);
            rows.add(row);
        }
        for (Resource resource : Resource.values()) {
            limit(resource, share * free.of(resource));
        }
        if (least > 0) {
            atLeast(least - this.still.weight());
        }
        aim();
    }

    private static double greatestCost(Choice problem) {
        double greatest = 0;
        for (Group group : problem.groups()) {
            for (Option option : group.options()) {
                greatest = Math.max(greatest, Math.abs(option.cost()));
            }
        }
        return greatest == 0 ? 1 : greatest;
    }

    private void limit(Resource resource, double free) {
        double unit = Math.max(1, problem.capacity().of(resource));
        MPConstraint row = solver.makeConstraint(Double.NEGATIVE_INFINITY, free / unit);
        for (int i = 0; i < groups.size(); i++) {
            List<Option> options = problem.groups().get(groups.get(i)).options();
            for (int j = 0; j < options.size(); j++) {
                long load = options.get(j).load().of(resource);
                if (load > 0 && variables.get(i)[j].ub() > 0) {
                    row.setCoefficient(variables.get(i)[j], load / unit);
                }
            }
        }
    }

    private void atLeast(long weight) {
        MPConstraint row = solver.makeConstraint(weight, Double.POSITIVE_INFINITY);
        for (int i = 0; i < groups.size(); i++) {
            for (MPVariable variable : variables.get(i)) {
                row.setCoefficient(variable, problem.groups().get(groups.get(i)).weight());
            }
        }
    }

    private void aim() {
        MPObjective objective = solver.objective();
        for (int i = 0; i < groups.size(); i++) {
            Group group = problem.groups().get(groups.get(i));
            for (int j = 0; j < variables.get(i).length; j++) {
                double cost = group.options().get(j).cost() / scale;
                objective.setCoefficient(variables.get(i)[j], goal == Goal.WEIGHT ? group.weight() : cost);
            }
        }
        objective.setOptimizationDirection(goal == Goal.WEIGHT);
    }

    /**
     * Solves.
     *
     * @param millis that it may take
     * @param within distance of the objective from the best, absolute, that is good enough
     * @return whether it has a solution; of the relaxation, whether it has the best
     */
    boolean solve(long millis, double within) {
        solver.setTimeLimit(Math.max(1, millis));
        if (!solver.isMip()) {
            return solver.solve() == MPSolver.ResultStatus.OPTIMAL;
        }
        solver.setSolverSpecificParametersAsString(EXACT + "limits/absgap = " + within / scale + "\n");
        try (Parameters parameters = new Parameters()) {
            MPSolver.ResultStatus status = solver.solve(parameters.exact());
            return status == MPSolver.ResultStatus.OPTIMAL || status == MPSolver.ResultStatus.FEASIBLE;
        }
    }

    /** The solver stops by the absolute gap alone. */
    private static final class Parameters implements AutoCloseable {
        private final MPSolverParameters parameters = new MPSolverParameters();

        MPSolverParameters exact() {
            parameters.setDoubleParam(MPSolverParameters.DoubleParam.RELATIVE_MIP_GAP, 0);
            return parameters;
        }

        @Override
        public void close() {
            parameters.delete();
        }
    }

    /** Returns what no solution of this program exceeds, or falls below: that of the relaxation is its value. */
    double bound() {
        return fixed
                + scale
                        * (solver.isMip()
                                ? solver.objective().bestBound()
                                : solver.objective().value());
    }

    /** Returns the solution, rounded, where that is valid. */
    Optional<Assignment> rounded() {
        Assignment assignment = new Assignment(still);
        for (int i = 0; i < groups.size(); i++) {
            MPVariable[] counts = variables.get(i);
            for (int j = 0; j < counts.length; j++) {
                assignment.set(groups.get(i), j, (int) Math.round(counts[j].solutionValue()));
            }
        }
        return assignment.valid() ? Optional.of(assignment) : Optional.empty();
    }

    /** Returns the whole part of the solution. */
    Assignment wholePart() {
        Assignment assignment = new Assignment(still);
        for (int i = 0; i < groups.size(); i++) {
            MPVariable[] counts = variables.get(i);
            for (int j = 0; j < counts.length; j++) {
                assignment.set(groups.get(i), j, (int) Math.floor(counts[j].solutionValue() + TOUCHED));
            }
        }
        return assignment;
    }

    /**
     * Returns by how much, at least, the relaxation's value gets worse where one device of a group decides otherwise: 0 and less
     * where it is undecided itself.
     *
     * @param index of the group in this program
     */
    double firmness(int index) {
        double firm = Double.POSITIVE_INFINITY;
        double served = 0;
        for (MPVariable variable : variables.get(index)) {
            double value = variable.solutionValue();
            if (Math.abs(value - Math.rint(value)) > TOUCHED) {
                return -1;
            }
            served += value;
            if (value < TOUCHED && variable.ub() > 0) {
                firm = Math.min(firm, Math.abs(variable.reducedCost()));
            }
        }
        int count = problem.groups().get(groups.get(index)).count();
        if (served > TOUCHED && served < count - TOUCHED) {
            return 0;
        }
        return served < TOUCHED ? firm : Math.min(firm, Math.abs(rows.get(index).dualValue()));
    }

    @Override
    public void close() {
        solver.delete();
    }
}
