package dev.cleave.bench.planner;

import dev.cleave.bench.Machine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Locale;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Writes the table of how fast plans are made over the largest grid.
 *
 * <p>Arguments: the file to write.
 */
public final class PlannerSpeed {
    private static final double MOST_MILLIS = 20;

    private PlannerSpeed() {}

    /** Measures and writes. */
    public static void main(String[] args) throws Exception {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include("dev\\.cleave\\.bench\\.planner\\.PlannerBenchmark.*")
                        .threads(1)
                        .forks(1)
                        .warmupIterations(3)
                        .warmupTime(TimeValue.seconds(1))
                        .measurementIterations(5)
                        .measurementTime(TimeValue.seconds(1))
                        .shouldFailOnError(true)
                        .build())
                .run();
        StringBuilder text = new StringBuilder();
        text.append("# How fast plans are made\n\n");
        text.append(
                "80 layers, four widths on either side, eight codec levels for the prompt and for decoding each, three precisions of"
                        + " keys and\nvalues, 256 samples of the link, lengths to 32,768: a quarter of a million settings, at any length."
                        + " Every one is looked at;\nmeans of 5 seconds after 3 to warm up (JMH 1.37), one thread, ± half the interval at"
                        + " 99.9 %. `plan` answers with runners-up and\nthe binding constraint; `front` is the Pareto front over memory,"
                        + " time and loss.\n\n");
        text.append("| | objective | budget | ms | ± |\n|---|---|---|---:|---:|\n");
        double worst = 0;
        for (RunResult result : results) {
            double millis = result.getPrimaryResult().getScore();
            String name = result.getPrimaryResult().getLabel();
            if (name.equals("plan")) {
                worst = Math.max(worst, millis);
            }
            text.append(String.format(
                    Locale.ROOT,
                    "| `%s` | %s | %s | %.1f | %.1f |%n",
                    name,
                    result.getParams().getParam("objective"),
                    result.getParams().getParam("budget"),
                    millis,
                    result.getPrimaryResult().getScoreError()));
        }
        text.append(String.format(
                Locale.ROOT,
                "%nGoal: a plan within %.0f ms. %s: the slowest takes %.1f.%n%n%s%n",
                MOST_MILLIS,
                worst <= MOST_MILLIS ? "Reached" : "Not reached",
                worst,
                Machine.line("bench/run planner.PlannerSpeed docs/results/planner.md")));
        Files.writeString(Path.of(args[0]), text);
    }
}
