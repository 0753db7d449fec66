package dev.cleave.cloud.fleet;

import dev.cleave.optimizer.plan.Budget;
import dev.cleave.optimizer.plan.Choices;
import dev.cleave.optimizer.plan.Constraint;
import dev.cleave.optimizer.plan.Plan;
import dev.cleave.optimizer.plan.PlanAnswer;
import dev.cleave.optimizer.plan.PlanRequest;
import dev.cleave.optimizer.plan.Planner;
import java.util.ArrayList;
import java.util.List;

/** Tries every combination of every device's plans, one for each split and width; and knows by itself what a plan takes. */
final class BruteForce {
    private final FleetRequest request;
    private final double compute;
    private final List<List<Plan>> plans = new ArrayList<>();
    private long weight = -1;
    private double cost;

    BruteForce(FleetRequest request) {
        this.request = request;
        compute = request.capacity().threads() * 1000.0 * request.capacity().utilisation();
        for (FleetDevice device : request.devices()) {
            plans.add(plans(device));
        }
    }

    private static List<Plan> plans(FleetDevice device) {
        List<Plan> all = new ArrayList<>();
        int layers = device.request().device().layers();
        Budget budget = device.request().budget();
        double pace = 1000.0 * device.sessions() / device.tokensPerSecond();
        PlanRequest alone = device.request().with(budget.with(Constraint.TOKEN, Math.min(budget.tokenMillis(), pace)));
        for (int split = 0; split <= layers; split++) {
            for (int bits : List.of(4, 8)) {
                Choices only = Choices.FREE.withSplits(List.of(split)).withBackBits(List.of(bits));
                if (Planner.plan(alone.with(only)) instanceof PlanAnswer.Planned planned) {
                    all.add(planned.best());
                }
            }
        }
        return all;
    }

    void run() {
        go(0, 0, 0, new double[3]);
    }

    private void go(int device, long servedWeight, double summed, double[] taken) {
        if (device == plans.size()) {
            if (servedWeight > weight || servedWeight == weight && summed < cost) {
                weight = servedWeight;
                cost = summed;
            }
            return;
        }
        go(device + 1, servedWeight, summed, taken);
        FleetDevice next = request.devices().get(device);
        for (Plan plan : plans.get(device)) {
            double[] more = add(taken, next, plan);
            if (fits(more)) {
                go(device + 1, servedWeight + next.priority(), summed + plan.cost(), more);
            }
        }
    }

    /** Returns ms a second, bytes and sessions, with another device. */
    static double[] add(double[] taken, FleetDevice device, Plan plan) {
        double[] more = taken.clone();
        int behind = device.request().device().layers() - plan.setting().split();
        if (behind > 0) {
            more[0] += device.tokensPerSecond() * plan.forecast().cloudMillisPerToken();
            more[1] += 1024.0 * behind * plan.setting().length() * device.sessions();
            more[2] += device.sessions();
        }
        return more;
    }

    boolean fits(double[] taken) {
        return taken[0] <= compute
                && taken[1] <= request.capacity().kvBytes()
                && taken[2] <= request.capacity().sessions();
    }

    long weight() {
        return weight;
    }

    double cost() {
        return cost;
    }
}
