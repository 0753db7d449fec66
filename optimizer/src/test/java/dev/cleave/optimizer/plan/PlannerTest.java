package dev.cleave.optimizer.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cleave.optimizer.plan.PlanAnswer.Infeasible;
import dev.cleave.optimizer.plan.PlanAnswer.Planned;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** The planner beside brute force, over random requests. */
class PlannerTest {
    /** Brute force takes 30 ms a request: most of them are for the profile "long". */
    private static final int REQUESTS = Boolean.getBoolean("cleave.long") ? 2000 : 400;

    private static final double ROUNDING = 1e-7;

    @Test
    void itFindsWhatBruteForceFinds() {
        RandomRequests requests = new RandomRequests(1);
        int feasible = 0;
        int infeasible = 0;
        for (int i = 0; i < REQUESTS; i++) {
            PlanRequest request = requests.next();
            BruteForce brute = new BruteForce(request);
            OptionalDouble least = brute.settings().stream()
                    .filter(brute::keeps)
                    .mapToDouble(brute::cost)
                    .min();
            PlanAnswer answer = Planner.plan(request);
            assertThat(answer instanceof Planned).as("request %d feasible", i).isEqualTo(least.isPresent());
            if (answer instanceof Planned planned) {
                feasible++;
                assertThat(planned.best().cost())
                        .as("request %d cost", i)
                        .isCloseTo(least.getAsDouble(), within(ROUNDING * (1 + Math.abs(least.getAsDouble()))));
                check(brute, planned.best());
                planned.runnersUp().forEach(plan -> check(brute, plan));
            } else {
                infeasible++;
            }
        }
        assertThat(feasible).isGreaterThan(REQUESTS / 5);
        assertThat(infeasible).isGreaterThan(REQUESTS / 5);
    }

    /** Every plan keeps its budget by other code, and needs what it says. */
    private static void check(BruteForce brute, Plan plan) {
        Setting setting = plan.setting();
        Forecast forecast = plan.forecast();
        assertThat(brute.keeps(setting)).as("%s keeps its budget", setting).isTrue();
        assertThat(forecast.memory().total()).isEqualTo(brute.memory(setting));
        assertThat(forecast.token().total()).isCloseTo(brute.token(setting, setting.length()), within(ROUNDING));
        assertThat(forecast.firstTokenMillis()).isCloseTo(brute.firstToken(setting), within(ROUNDING));
        assertThat(forecast.expectedMillis()).isCloseTo(brute.expected(setting), within(ROUNDING));
        assertThat(forecast.loss()).isCloseTo(brute.loss(setting), within(ROUNDING));
        assertThat(forecast.bytesPerToken()).isCloseTo(brute.bytes(setting), within(ROUNDING * 1000));
        assertThat(forecast.cloudMillisPerToken()).isCloseTo(brute.cloudMillis(setting), within(ROUNDING));
    }

    @Test
    void moreMemoryTimeOrLossNeverMakesItWorse() {
        RandomRequests requests = new RandomRequests(2);
        for (int i = 0; i < REQUESTS / 4; i++) {
            PlanRequest request = requests.next();
            PlanAnswer answer = Planner.plan(request);
            if (answer instanceof Planned planned) {
                for (Constraint constraint : Constraint.values()) {
                    double more = request.budget().limit(constraint) * requests.uniform(1, 2);
                    PlanAnswer eased =
                            Planner.plan(request.with(request.budget().with(constraint, more)));
                    assertThat(eased).isInstanceOf(Planned.class);
                    assertThat(((Planned) eased).best().cost())
                            .isLessThanOrEqualTo(planned.best().cost());
                }
            }
        }
    }

    @Test
    void theNearestBudgetsWouldDo() {
        RandomRequests requests = new RandomRequests(3);
        int checked = 0;
        for (int i = 0; i < REQUESTS / 4; i++) {
            PlanRequest request = requests.next();
            if (Planner.plan(request) instanceof Infeasible infeasible) {
                assertThat(infeasible.nearest()).isNotEmpty();
                for (PlanAnswer.Nearest nearest : infeasible.nearest()) {
                    Budget eased = request.budget();
                    for (Constraint constraint : nearest.limits().keySet()) {
                        double limit = nearest.limits().get(constraint);
                        assertThat(limit).isGreaterThan(request.budget().limit(constraint));
                        eased = eased.with(constraint, limit);
                    }
                    assertThat(Planner.plan(request.with(eased))).isInstanceOf(Planned.class);
                    if (nearest.limits().size() == 1) {
                        Constraint constraint =
                                nearest.limits().keySet().iterator().next();
                        Budget hardlyLess =
                                eased.with(constraint, nearest.limits().get(constraint) * (1 - 1e-9));
                        assertThat(Planner.plan(request.with(hardlyLess))).isInstanceOf(Infeasible.class);
                    }
                    checked++;
                }
            }
        }
        assertThat(checked).isGreaterThan(REQUESTS / 20);
    }

    @Test
    void theBindingConstraintIsTheOneThatCostsMost() {
        RandomRequests requests = new RandomRequests(4);
        int bound = 0;
        for (int i = 0; i < REQUESTS / 4; i++) {
            PlanRequest request = requests.next();
            if (Planner.plan(request) instanceof Planned planned) {
                Optional<Constraint> binding = planned.binding().map(PlanAnswer.Binding::constraint);
                double best = planned.best().cost();
                double least = best;
                for (Constraint constraint : Constraint.values()) {
                    Budget lifted = request.budget().with(constraint, Budget.UNLIMITED);
                    least = Math.min(
                            least,
                            ((Planned) Planner.plan(request.with(lifted)))
                                    .best()
                                    .cost());
                }
                assertThat(binding.isPresent()).isEqualTo(least < best);
                if (binding.isPresent()) {
                    bound++;
                    assertThat(planned.binding().get().without().cost()).isCloseTo(least, within(ROUNDING));
                }
            }
        }
        assertThat(bound).isGreaterThan(REQUESTS / 40);
    }

    @Test
    void theSameRequestHasTheSameAnswer() {
        RandomRequests first = new RandomRequests(5);
        RandomRequests second = new RandomRequests(5);
        for (int i = 0; i < 200; i++) {
            assertThat(Planner.plan(first.next())).isEqualTo(Planner.plan(second.next()));
        }
    }

    @Test
    void theFrontIsWhatNothingDominates() {
        RandomRequests requests = new RandomRequests(6);
        int plans = 0;
        for (int i = 0; i < 200; i++) {
            PlanRequest request = requests.next();
            int least = request.demand().leastTokens();
            BruteForce brute = new BruteForce(request);
            List<double[]> points = brute.settings().stream()
                    .filter(setting -> setting.length() == least)
                    .filter(brute::keeps)
                    .map(setting -> new double[] {brute.memory(setting), brute.expected(setting), brute.loss(setting)})
                    .toList();
            List<double[]> front = points.stream()
                    .filter(point -> points.stream().noneMatch(other -> dominates(other, point)))
                    .sorted(Comparator.comparingDouble(point -> point[0]))
                    .toList();
            List<Plan> found = Planner.front(request);
            plans += found.size();
            for (double[] point : front) {
                assertThat(found).anyMatch(plan -> same(plan, point));
            }
            for (Plan plan : found) {
                assertThat(front).anyMatch(point -> same(plan, point));
            }
        }
        assertThat(plans).isGreaterThan(200);
    }

    private static boolean same(Plan plan, double[] point) {
        return plan.forecast().memory().total() == point[0]
                && Math.abs(plan.forecast().expectedMillis() - point[1]) < ROUNDING
                && Math.abs(plan.forecast().loss() - point[2]) < ROUNDING;
    }

    /** By more than rounding. */
    private static boolean dominates(double[] other, double[] point) {
        boolean less = false;
        for (int i = 0; i < point.length; i++) {
            if (other[i] > point[i] + 1e-9) {
                return false;
            }
            less |= other[i] < point[i] - 1e-9;
        }
        return less;
    }
}
