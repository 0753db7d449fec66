package dev.cleave.cloud.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cleave.cloud.fleet.FleetAnswer.NoRoom;
import dev.cleave.cloud.fleet.FleetAnswer.Outcome;
import dev.cleave.cloud.fleet.FleetAnswer.OverBudget;
import dev.cleave.cloud.fleet.FleetAnswer.Served;
import dev.cleave.model.property.Cases;
import dev.cleave.optimizer.ProfileException;
import dev.cleave.optimizer.plan.Budget;
import dev.cleave.optimizer.plan.Constraint;
import dev.cleave.optimizer.plan.Plan;
import dev.cleave.optimizer.plan.PlanAnswer;
import dev.cleave.optimizer.plan.Planner;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FleetPlannerTest {
    private static final double ROUNDING = 1e-6;

    /** Small fleets: what is served, and what it costs, is what trying everything finds. */
    @Test
    void itFindsWhatTryingEverythingFinds() {
        Cases.check(120, FleetPlannerTest::findsWhatTryingEverythingFinds);
    }

    private static void findsWhatTryingEverythingFinds(long seed) {
        Fleets fleets = new Fleets(seed, 3);
        List<FleetDevice> devices = fleets.devices(1 + fleets.below(5), fleets.below(2) == 0);
        FleetRequest request = new FleetRequest(devices, capacity(fleets, devices), Fleets.EXACT);
        BruteForce brute = new BruteForce(request);
        brute.run();
        FleetAnswer answer = FleetPlanner.plan(request);
        assertThat(answer.total().weight()).isEqualTo(brute.weight());
        assertThat(answer.total().weightBound()).isEqualTo(brute.weight());
        assertThat(answer.total().cost()).isCloseTo(brute.cost(), within(ROUNDING * (1 + Math.abs(brute.cost()))));
        assertThat(answer.total().gap().orElseThrow()).isLessThan(ROUNDING);
        check(request, answer);
    }

    private static Capacity capacity(Fleets fleets, List<FleetDevice> devices) {
        double[] all = new double[3];
        for (FleetDevice device : devices) {
            if (Planner.plan(device.request()) instanceof PlanAnswer.Planned planned) {
                all = BruteForce.add(all, device, planned.best());
            }
        }
        return new Capacity(
                1 + (int) (fleets.uniform(0, 2) * all[0] / 1000),
                fleets.uniform(0.05, 1),
                (long) (fleets.uniform(0, 2) * all[1]),
                fleets.below(2 + (int) (1.5 * all[2])));
    }

    /** Nothing is taken that is not there, every device's own limits hold, and who has none is told the truth. */
    private static void check(FleetRequest request, FleetAnswer answer) {
        assertThat(answer.devices()).hasSameSizeAs(request.devices());
        double[] taken = new double[3];
        for (int i = 0; i < answer.devices().size(); i++) {
            FleetDevice device = request.devices().get(i);
            Outcome outcome = answer.devices().get(i);
            assertThat(outcome.name()).isEqualTo(device.name());
            if (outcome instanceof Served served) {
                keeps(device, served.plan());
                taken = BruteForce.add(taken, device, served.plan());
            }
        }
        assertThat(new BruteForce(request).fits(taken)).isTrue();
        assertThat(answer.used().kvBytes()).isEqualTo((long) taken[1]);
        assertThat(answer.used().sessions()).isEqualTo((long) taken[2]);
        assertThat(answer.used().computeMicros() / 1e3)
                .isCloseTo(taken[0], within(1e-3 * (1 + request.devices().size())));
        for (int i = 0; i < answer.devices().size(); i++) {
            FleetDevice device = request.devices().get(i);
            if (answer.devices().get(i) instanceof NoRoom none) {
                keeps(device, none.plan());
                assertThat(none.more()).isNotEmpty().containsKey(none.bottleneck());
                assertThat(grown(answer.limit().minus(answer.used()), none.more()))
                        .matches(free -> new BruteForceLoad(device, none.plan()).within(free));
            } else if (answer.devices().get(i) instanceof OverBudget over) {
                Budget paced = paced(device);
                assertThat(Planner.plan(device.request().with(paced))).isInstanceOf(PlanAnswer.Infeasible.class);
                over.infeasible().nearest().forEach(nearest -> {
                    Budget raised = paced;
                    for (Map.Entry<Constraint, Double> limit : nearest.limits().entrySet()) {
                        raised = raised.with(limit.getKey(), limit.getValue());
                    }
                    assertThat(Planner.plan(device.request().with(raised))).isInstanceOf(PlanAnswer.Planned.class);
                });
            }
        }
    }

    private static Budget paced(FleetDevice device) {
        Budget own = device.request().budget();
        double pace = 1000.0 * device.sessions() / device.tokensPerSecond();
        return own.with(Constraint.TOKEN, Math.min(own.tokenMillis(), pace));
    }

    private static void keeps(FleetDevice device, Plan plan) {
        for (Constraint constraint : Constraint.values()) {
            assertThat(plan.forecast().value(constraint))
                    .isLessThanOrEqualTo(paced(device).limit(constraint));
        }
    }

    private record BruteForceLoad(FleetDevice device, Plan plan) {
        boolean within(double[] free) {
            double[] load = BruteForce.add(new double[3], device, plan);
            return load[0] <= free[0] && load[1] <= free[1] && load[2] <= free[2];
        }
    }

    private static double[] grown(Load free, Map<Resource, Long> more) {
        return new double[] {
            (free.computeMicros() + more.getOrDefault(Resource.COMPUTE, 0L)) / 1e3,
            free.kvBytes() + more.getOrDefault(Resource.KV, 0L),
            free.sessions() + more.getOrDefault(Resource.SESSIONS, 0L)
        };
    }

    @Test
    void aThousandDifferentDevicesArePlannedNearTheBound() {
        Fleets fleets = new Fleets(5, 12);
        List<FleetDevice> devices = fleets.devices(1000, false);
        FleetRequest request =
                new FleetRequest(devices, new Capacity(2, 0.7, 300_000_000, 600), FleetRequest.Effort.DEFAULT);
        FleetAnswer answer = FleetPlanner.plan(request);
        assertThat(answer.total().kinds()).isEqualTo(1000);
        assertThat(answer.total().leftOut()).isZero();
        assertThat(answer.total().served()).isBetween(100, 950);
        assertThat(answer.total().weightGap()).isLessThanOrEqualTo(0.02);
        assertThat(answer.total().gap().orElseThrow()).isLessThanOrEqualTo(0.02);
        check(request, answer);
    }

    @Test
    void devicesThatAskForTheSameArePlannedOnce() {
        Fleets fleets = new Fleets(6, 12);
        List<FleetDevice> five = fleets.devices(5, false);
        List<FleetDevice> devices = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            FleetDevice one = five.get(i % 5);
            devices.add(new FleetDevice("d" + i, one.request(), one.tokensPerSecond(), one.sessions(), one.priority()));
        }
        FleetRequest request = new FleetRequest(devices, new Capacity(2, 0.7, 300_000_000, 900), Fleets.EXACT);
        FleetAnswer answer = FleetPlanner.plan(request);
        assertThat(answer.total().kinds()).isEqualTo(5);
        assertThat(answer.total().gap().orElseThrow()).isLessThan(ROUNDING);
        check(request, answer);
        assertThat(FleetPlanner.plan(request)).isEqualTo(answer);
    }

    @Test
    void theSameRequestGivesTheSameAnswer() {
        List<FleetDevice> devices = new Fleets(7, 6).devices(200, true);
        FleetRequest request = new FleetRequest(devices, new Capacity(1, 0.5, 50_000_000, 150), Fleets.EXACT);
        FleetAnswer answer = FleetPlanner.plan(request);
        assertThat(FleetPlanner.plan(request)).isEqualTo(answer);
        List<FleetDevice> again = new Fleets(7, 6).devices(200, true);
        assertThat(FleetPlanner.plan(new FleetRequest(again, request.capacity(), request.effort())))
                .isEqualTo(answer);
    }

    @Test
    void withoutAnythingInTheCloudOnlyThoseAreServedThatNeedNone() {
        List<FleetDevice> devices = new Fleets(8, 6).devices(60, false);
        FleetRequest request = new FleetRequest(devices, new Capacity(1, 0.7, 0, 0), Fleets.EXACT);
        FleetAnswer answer = FleetPlanner.plan(request);
        check(request, answer);
        assertThat(answer.used()).isEqualTo(Load.NONE);
        assertThat(answer.devices()).hasAtLeastOneElementOfType(Served.class).hasAtLeastOneElementOfType(NoRoom.class);
        answer.devices().stream()
                .filter(Served.class::isInstance)
                .forEach(served ->
                        assertThat(((Served) served).plan().setting().split()).isEqualTo(6));
    }

    @Test
    void whatCannotBeRightIsNamed() {
        FleetDevice device = new Fleets(9, 6).device("d");
        Capacity capacity = new Capacity(1, 0.7, 1, 1);
        assertThatThrownBy(() -> new FleetRequest(List.of(device, device), capacity, Fleets.EXACT))
                .isInstanceOf(ProfileException.class)
                .hasMessageContaining("d twice");
        assertThatThrownBy(() -> new FleetRequest(List.of(), capacity, Fleets.EXACT))
                .isInstanceOf(ProfileException.class)
                .hasMessageContaining("devices is 0 devices, expected 1..10000");
        assertThatThrownBy(() -> new FleetDevice("d", device.request(), Double.NaN, 1, 1))
                .isInstanceOf(ProfileException.class)
                .hasMessageContaining("tokensPerSecond is NaN");
        assertThatThrownBy(() -> new Capacity(1, 0, 1, 1))
                .isInstanceOf(ProfileException.class)
                .hasMessageContaining("capacity.utilisation is 0.0");
    }
}
