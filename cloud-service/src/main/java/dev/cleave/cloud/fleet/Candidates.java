package dev.cleave.cloud.fleet;

import dev.cleave.optimizer.plan.Demand;
import dev.cleave.optimizer.plan.Plan;
import dev.cleave.optimizer.plan.PlanRequest;
import dev.cleave.optimizer.plan.Planner;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The plans of one device that can be of use to a fleet: they keep its budget, and no other is at most as dear and takes at
 * most as much of the cloud.
 *
 * <p>For each split and width of the cloud the best plan is enough, because neither codec levels nor the device's widths change
 * what the cloud does. Only the length does, through the keys and values: where the objective rewards it, lengths between the
 * least and the greatest are tried, each twice the one before.
 */
final class Candidates {
    private static final double MICROS = 1e3;

    /**
     * One of them.
     *
     * @param load what the device takes of the cloud with it
     */
    record Candidate(Plan plan, Load load) {}

    private final List<Candidate> kept;
    private final int leftOut;

    private Candidates(List<Candidate> kept, int leftOut) {
        this.kept = kept;
        this.leftOut = leftOut;
    }

    /** Returns the plans for each share of the cloud, which depend on the request alone. */
    static List<Plan> plans(PlanRequest request) {
        List<Plan> plans = new ArrayList<>(Planner.shares(request));
        Demand demand = request.demand();
        if (request.objective().perTokenOfLength() > 0) {
            long most = Math.min(demand.mostTokens(), request.device().memory().context());
            for (long length = demand.leastTokens(); length < most; length *= 2) {
                plans.addAll(Planner.shares(withMost(request, (int) length)));
            }
        }
        return plans;
    }

    private static PlanRequest withMost(PlanRequest request, int most) {
        return new PlanRequest(
                request.device(),
                request.cloud(),
                request.link(),
                request.quality(),
                new Demand(
                        request.demand().promptTokens(),
                        request.demand().answerTokens(),
                        request.demand().leastTokens(),
                        most),
                request.budget(),
                request.choices(),
                request.objective());
    }

    /**
     * Sifts a device's plans.
     *
     * @param most candidates to keep, at least 2: the cheapest and the one that takes least stay
     */
    static Candidates of(FleetDevice device, List<Plan> plans, int most) {
        List<Candidate> all = new ArrayList<>();
        plans.forEach(plan -> all.add(new Candidate(plan, load(device, plan))));
        all.sort(Comparator.<Candidate>comparingDouble(
                        candidate -> candidate.plan().cost())
                .thenComparingLong(candidate -> candidate.load().computeMicros())
                .thenComparingLong(candidate -> candidate.load().kvBytes())
                .thenComparingLong(candidate -> candidate.load().sessions())
                .thenComparingInt(candidate -> candidate.plan().setting().split()));
        List<Candidate> front = new ArrayList<>();
        for (Candidate candidate : all) {
            if (front.stream().noneMatch(better -> candidate.load().covers(better.load()))) {
                front.add(candidate);
            }
        }
        return front.size() <= most ? new Candidates(front, 0) : thinned(front, most);
    }

    /** What takes less costs more, by and large: even steps keep the range. */
    private static Candidates thinned(List<Candidate> front, int most) {
        List<Candidate> kept = new ArrayList<>();
        for (int i = 0; i < most; i++) {
            kept.add(front.get((int) ((long) i * (front.size() - 1) / (most - 1))));
        }
        return new Candidates(kept, front.size() - most);
    }

    private static Load load(FleetDevice device, Plan plan) {
        PlanRequest request = device.request();
        int behind = request.cloud().layers() - plan.setting().split();
        if (behind == 0) {
            return Load.NONE;
        }
        double micros = device.tokensPerSecond() * plan.forecast().cloudMillisPerToken() * MICROS;
        double kv = (double) behind
                * plan.setting().length()
                * request.cloud().kv().get(0).bytesPerToken()
                * device.sessions();
        return new Load((long) Math.ceil(micros), (long) kv, device.sessions());
    }

    List<Candidate> kept() {
        return kept;
    }

    int leftOut() {
        return leftOut;
    }
}
