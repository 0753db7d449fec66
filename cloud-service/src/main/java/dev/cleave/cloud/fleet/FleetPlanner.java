package dev.cleave.cloud.fleet;

import dev.cleave.cloud.fleet.Candidates.Candidate;
import dev.cleave.cloud.fleet.Choice.Group;
import dev.cleave.cloud.fleet.Choice.Option;
import dev.cleave.cloud.fleet.FleetAnswer.NoRoom;
import dev.cleave.cloud.fleet.FleetAnswer.Outcome;
import dev.cleave.cloud.fleet.FleetAnswer.OverBudget;
import dev.cleave.cloud.fleet.FleetAnswer.Served;
import dev.cleave.optimizer.ProfileException;
import dev.cleave.optimizer.plan.Plan;
import dev.cleave.optimizer.plan.PlanAnswer;
import dev.cleave.optimizer.plan.PlanRequest;
import dev.cleave.optimizer.plan.Planner;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Plans a fleet: most weight served first, then least cost, within the capacity. Each device's own budget always holds. Devices
 * that ask for the same are planned once and decided on together.
 */
public final class FleetPlanner {
    private static final int MOST_CANDIDATES = 400;
    private static final int MOST_TOGETHER = 100_000;
    private static final int LEAST_CANDIDATES = 8;

    private final FleetRequest request;
    private final Map<PlanRequest, List<Plan>> plans = new HashMap<>();
    private final Map<PlanRequest, PlanAnswer.Infeasible> without = new HashMap<>();
    private final Map<Kind, Alike> kinds = new LinkedHashMap<>();

    private FleetPlanner(FleetRequest request) {
        this.request = request;
    }

    private record Kind(PlanRequest request, double tokensPerSecond, int sessions, int priority) {}

    private record Alike(Candidates candidates, List<FleetDevice> devices) {}

    /**
     * Plans. The same request gives the same answer, unless the solver's time ran out.
     *
     * @throws ProfileException where the profiles lack what a request asks for, or there is too much to look at
     */
    public static FleetAnswer plan(FleetRequest request) {
        return new FleetPlanner(request).plan();
    }

    private FleetAnswer plan() {
        Map<PlanRequest, FleetDevice> different = new LinkedHashMap<>();
        request.devices().forEach(device -> different.putIfAbsent(device.paced(), device));
        double settings =
                different.keySet().stream().mapToDouble(PlanRequest::settings).sum();
        if (settings > FleetRequest.MOST_SETTINGS) {
            throw new ProfileException(
                    "devices",
                    different.size() + " different requests over " + (long) settings + " settings",
                    "at most " + (long) FleetRequest.MOST_SETTINGS + " settings together: restrict the choices");
        }
        different.forEach(this::planAlone);
        int most = Math.max(
                LEAST_CANDIDATES,
                Math.min(MOST_CANDIDATES, MOST_TOGETHER / request.devices().size()));
        for (FleetDevice device : request.devices()) {
            List<Plan> own = plans.get(device.paced());
            if (!own.isEmpty()) {
                Kind kind = new Kind(device.paced(), device.tokensPerSecond(), device.sessions(), device.priority());
                kinds.computeIfAbsent(kind, key -> new Alike(Candidates.of(device, own, most), new ArrayList<>()))
                        .devices()
                        .add(device);
            }
        }
        return decide(new ArrayList<>(kinds.values()), different.size());
    }

    private void planAlone(PlanRequest asked, FleetDevice first) {
        try {
            List<Plan> found = Candidates.plans(asked);
            plans.put(asked, found);
            if (found.isEmpty() && Planner.plan(asked) instanceof PlanAnswer.Infeasible infeasible) {
                without.put(asked, infeasible);
            }
        } catch (ProfileException e) {
            throw e.within("devices['" + first.name() + "']");
        }
    }

    private FleetAnswer decide(List<Alike> alike, int different) {
        List<Group> groups = new ArrayList<>();
        int leftOut = 0;
        for (Alike each : alike) {
            List<Option> options = new ArrayList<>();
            for (Candidate candidate : each.candidates().kept()) {
                options.add(new Option(candidate.plan().cost(), candidate.load()));
            }
            groups.add(new Group(each.devices().size(), each.devices().get(0).priority(), options));
            leftOut += each.candidates().leftOut();
        }
        Load limit = request.capacity().limit();
        ChoiceSolver.Solution solution = ChoiceSolver.solve(new Choice(groups, limit), request.effort());
        Load used = solution.assignment().load();
        Map<String, Outcome> outcomes = new HashMap<>();
        for (int i = 0; i < alike.size(); i++) {
            assign(alike.get(i), i, solution.assignment(), limit.minus(used), outcomes);
        }
        List<Outcome> inOrder = new ArrayList<>();
        for (FleetDevice device : request.devices()) {
            Outcome outcome = outcomes.get(device.name());
            inOrder.add(
                    outcome != null
                            ? outcome
                            : new OverBudget(device.name(), device.paceMillis(), without.get(device.paced())));
        }
        int served = 0;
        for (Outcome outcome : inOrder) {
            served += outcome instanceof Served ? 1 : 0;
        }
        FleetAnswer.Total total = new FleetAnswer.Total(
                served,
                solution.assignment().weight(),
                solution.weightBound(),
                solution.assignment().cost(),
                solution.costBound(),
                different,
                leftOut);
        return new FleetAnswer(inOrder, total, used, limit);
    }

    /** Devices that are alike get their group's options in the order of the request, the cheapest first. */
    private static void assign(
            Alike alike, int group, Choice.Assignment assignment, Load free, Map<String, Outcome> outcomes) {
        int next = 0;
        List<Candidate> candidates = alike.candidates().kept();
        for (int j = 0; j < candidates.size(); j++) {
            for (int i = 0; i < assignment.get(group, j); i++) {
                String name = alike.devices().get(next++).name();
                outcomes.put(
                        name,
                        new Served(
                                name,
                                candidates.get(j).plan(),
                                candidates.get(j).load()));
            }
        }
        for (; next < alike.devices().size(); next++) {
            String name = alike.devices().get(next).name();
            outcomes.put(name, noRoom(name, candidates, free));
        }
    }

    private static NoRoom noRoom(String name, List<Candidate> candidates, Load free) {
        NoRoom nearest = null;
        double least = Double.POSITIVE_INFINITY;
        for (Candidate candidate : candidates) {
            Map<Resource, Long> more = new EnumMap<>(Resource.class);
            Resource bottleneck = Resource.SESSIONS;
            double worst = 0;
            for (Resource resource : Resource.values()) {
                long lacking = candidate.load().of(resource) - free.of(resource);
                if (lacking > 0) {
                    more.put(resource, lacking);
                    double share =
                            (double) lacking / Math.max(1, candidate.load().of(resource));
                    if (share > worst) {
                        worst = share;
                        bottleneck = resource;
                    }
                }
            }
            if (worst < least) {
                least = worst;
                nearest = new NoRoom(name, candidate.plan(), bottleneck, more);
            }
        }
        return nearest;
    }
}
