package dev.cleave.cloud.fleet;

import dev.cleave.optimizer.plan.Plan;
import dev.cleave.optimizer.plan.PlanAnswer;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * Who gets which plan, and who gets none.
 *
 * @param devices in the order of the request
 * @param total what they take together
 * @param used of the cloud
 * @param limit that the cloud has
 */
public record FleetAnswer(List<Outcome> devices, Total total, Load used, Load limit) {
    /** Copies the list. */
    public FleetAnswer {
        devices = List.copyOf(devices);
    }

    /** What becomes of a device. */
    public sealed interface Outcome {
        /** Returns its name. */
        String name();
    }

    /**
     * It is served.
     *
     * @param plan that keeps its budget and its pace
     * @param load what it takes of the cloud
     */
    public record Served(String name, Plan plan, Load load) implements Outcome {}

    /**
     * No plan keeps its own budget.
     *
     * @param paceMillis a token that its load asks for; the nearest budgets mind it as well
     * @param infeasible the nearest budgets that would do
     */
    public record OverBudget(String name, double paceMillis, PlanAnswer.Infeasible infeasible) implements Outcome {}

    /**
     * There are plans, and no room for any.
     *
     * @param plan that lacks least
     * @param bottleneck the resource of which it lacks the greatest share of what it needs
     * @param more what must be added to the capacity, and to nothing else, to serve this device as well
     */
    public record NoRoom(String name, Plan plan, Resource bottleneck, Map<Resource, Long> more) implements Outcome {
        /** Copies the map. */
        public NoRoom {
            more = new TreeMap<>(more);
        }
    }

    /**
     * Sums, and how good they can be.
     *
     * @param served devices
     * @param weight their priorities
     * @param weightBound no choice of plans serves more than that
     * @param cost by the devices' objectives
     * @param costBound no choice that serves this weight costs less; empty where the time did not suffice to tell
     * @param kinds different requests that were planned
     * @param leftOut candidates that were left out to bound memory: then the bounds speak of the others only
     */
    public record Total(
            int served, long weight, long weightBound, double cost, OptionalDouble costBound, int kinds, int leftOut) {
        private static final double LEAST = 1e-12;

        /** Returns how much less the cost could be at most, relative; empty without a bound. */
        public OptionalDouble gap() {
            if (costBound.isEmpty()) {
                return OptionalDouble.empty();
            }
            double bound = costBound.getAsDouble();
            double scale = Math.max(Math.max(Math.abs(cost), Math.abs(bound)), LEAST);
            return OptionalDouble.of(Math.max(0, cost - bound) / scale);
        }

        /** Returns how much more weight could be served at most, relative. */
        public double weightGap() {
            return weightBound == 0 ? 0 : (double) (weightBound - weight) / weightBound;
        }
    }
}
