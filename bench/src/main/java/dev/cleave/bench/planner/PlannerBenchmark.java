package dev.cleave.bench.planner;

import dev.cleave.optimizer.plan.Objective;
import dev.cleave.optimizer.plan.Plan;
import dev.cleave.optimizer.plan.PlanAnswer;
import dev.cleave.optimizer.plan.PlanRequest;
import dev.cleave.optimizer.plan.Planner;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A plan over the largest grid. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class PlannerBenchmark {
    /** An objective's name. */
    @Param({"time", "quality", "length"})
    public String objective;

    /** Whether the budget leaves little. */
    @Param({"tight", "none"})
    public String budget;

    private PlanRequest request;

    /** Makes the request. */
    @Setup
    public void setUp() {
        Objective wanted = List.of(Objective.TIME, Objective.QUALITY, Objective.LENGTH).stream()
                .filter(some -> some.name().equals(objective))
                .findFirst()
                .orElseThrow();
        request = new LargeRequest().request(wanted, budget.equals("tight"));
    }

    /** The plan, with runners-up and what binds. */
    @Benchmark
    public PlanAnswer plan() {
        return Planner.plan(request);
    }

    /** The Pareto front. */
    @Benchmark
    public List<Plan> front() {
        return Planner.front(request);
    }
}
