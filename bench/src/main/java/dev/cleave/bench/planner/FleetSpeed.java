package dev.cleave.bench.planner;

import dev.cleave.bench.Machine;
import dev.cleave.cloud.fleet.Capacity;
import dev.cleave.cloud.fleet.FleetAnswer;
import dev.cleave.cloud.fleet.FleetDevice;
import dev.cleave.cloud.fleet.FleetPlanner;
import dev.cleave.cloud.fleet.FleetRequest;
import dev.cleave.optimizer.plan.Budget;
import dev.cleave.optimizer.plan.Choices;
import dev.cleave.optimizer.plan.Demand;
import dev.cleave.optimizer.plan.Objective;
import dev.cleave.optimizer.plan.PlanRequest;
import dev.cleave.optimizer.profile.CodecCost;
import dev.cleave.optimizer.profile.ComputeProfile;
import dev.cleave.optimizer.profile.Curve;
import dev.cleave.optimizer.profile.KvCost;
import dev.cleave.optimizer.profile.LayerCost;
import dev.cleave.optimizer.profile.Line;
import dev.cleave.optimizer.profile.LinkLoss;
import dev.cleave.optimizer.profile.LinkProfile;
import dev.cleave.optimizer.profile.Provenance;
import dev.cleave.optimizer.profile.QualityProfile;
import dev.cleave.optimizer.profile.StepCost;
import dev.cleave.optimizer.profile.WidthCost;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Adds to the table of how fast plans are made what a fleet takes: 22 layers, made-up boards and links. Each row is planned twice
 * in one process; the second time counts, and the first row's first time is the one that loads the solver.
 *
 * <p>Arguments: the file to append to.
 */
public final class FleetSpeed {
    private static final int LAYERS = 22;
    private static final int CONTEXT = 2048;
    private static final String HEADING = "\n## Fleets\n";
    private static final Provenance PROVENANCE = new Provenance("fleet", "made up", "2026-01-01", Map.of());

    private final SplittableRandom random = new SplittableRandom(1);
    private final ComputeProfile cloud = machine(0.03);
    private final QualityProfile quality = quality();

    private FleetSpeed() {}

    /** Measures and writes. */
    public static void main(String[] args) throws Exception {
        Path file = Path.of(args[0]);
        String before = Files.exists(file) ? Files.readString(file) : "";
        int old = before.indexOf(HEADING);
        StringBuilder text = new StringBuilder(old < 0 ? before : before.substring(0, old));
        text.append(HEADING)
                .append(
                        "\n22 layers, two widths, three codec levels; boards of different speeds and memories, links from 1 to 100"
                                + " Mbit/s, all figures made up.\n`kinds` is how many different requests there are; the rest are copies."
                                + " Capacity for about two thirds of the sessions. Bound and\ngap are the solver's own.\n\n"
                                + "| devices | kinds | served | at most | cost above the bound | ms | first time, with the natives |\n"
                                + "|---:|---:|---:|---:|---:|---:|---:|\n");
        for (int[] size : new int[][] {{1000, 5}, {1000, 1000}, {10_000, 50}}) {
            row(text, size[0], size[1]);
        }
        text.append('\n')
                .append(Machine.line("bench/run planner.FleetSpeed docs/results/planner.md"))
                .append('\n');
        Files.write(file, text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static void row(StringBuilder text, int devices, int kinds) {
        FleetRequest request = new FleetSpeed().fleet(devices, kinds);
        long begin = System.nanoTime();
        FleetPlanner.plan(request);
        long middle = System.nanoTime();
        FleetAnswer answer = FleetPlanner.plan(request);
        long end = System.nanoTime();
        FleetAnswer.Total total = answer.total();
        text.append(String.format(
                Locale.ROOT,
                "| %d | %d | %d | %d | %s | %d | %d |%n",
                devices,
                total.kinds(),
                total.weight(),
                total.weightBound(),
                total.gap().isPresent()
                        ? String.format(
                                Locale.ROOT, "%.3f %%", 100 * total.gap().getAsDouble())
                        : "no bound in time",
                (end - middle) / 1_000_000,
                (middle - begin) / 1_000_000));
    }

    private FleetRequest fleet(int devices, int kinds) {
        List<FleetDevice> all = new ArrayList<>();
        for (int i = 0; i < devices; i++) {
            all.add(i < kinds ? device("d" + i) : copy("d" + i, all.get(i % kinds)));
        }
        int sessions = devices * 2 / 3;
        return new FleetRequest(
                all,
                new Capacity(Math.max(1, devices / 100), 0.7, sessions * 300L * 11 * 2048, sessions),
                FleetRequest.Effort.DEFAULT);
    }

    private FleetDevice device(String name) {
        double rate = Math.pow(10, 2 + 2 * random.nextDouble());
        PlanRequest request = new PlanRequest(
                machine(0.5 + 2 * random.nextDouble()),
                cloud,
                new LinkProfile(List.of(new LinkProfile.Sample(5 + 50 * random.nextDouble(), rate, 0)), 80, 90),
                quality,
                new Demand(64 + random.nextInt(128), 32 + random.nextInt(64), CONTEXT),
                new Budget(4e8 + 4e8 * random.nextDouble(), Budget.UNLIMITED, 150, 0.05, Budget.UNLIMITED),
                Choices.FREE,
                Objective.TIME);
        return new FleetDevice(name, request, 1 + 9 * random.nextDouble(), 1, 1);
    }

    private static FleetDevice copy(String name, FleetDevice of) {
        return new FleetDevice(name, of.request(), of.tokensPerSecond(), of.sessions(), of.priority());
    }

    private static ComputeProfile machine(double slowness) {
        List<WidthCost> widths = new ArrayList<>();
        for (int bits : new int[] {4, 8}) {
            long bytes = 5_500_000L * bits;
            LayerCost layer = new LayerCost(
                    bytes,
                    new Line(slowness * bytes / 1e7, slowness * 1e-3),
                    new Line(slowness * bytes / 1e8, 1e-4),
                    new Line(slowness * bytes / 5e7, 1e-4));
            widths.add(new WidthCost(
                    bits, Collections.nCopies(LAYERS, layer), 8_000_000L * bits, slowness * bits, 1_000_000));
        }
        List<CodecCost> codec = new ArrayList<>();
        for (String link : List.of("int8", "tabq-08", "tuned")) {
            codec.add(new CodecCost(link, 0.1, 0.1, 0.05, 0.05));
        }
        return new ComputeProfile(
                PROVENANCE,
                "fast",
                128,
                new ComputeProfile.FixedMemory(55 << 20, 27 << 20, 8 << 20, 20 << 20, 512, CONTEXT),
                StepCost.steady(0.1),
                widths,
                List.of(KvCost.float32(2048)),
                codec);
    }

    private static QualityProfile quality() {
        Map<Integer, Curve> curves = Map.of(
                4, new Curve(List.of(new Curve.Point(0, 0), new Curve.Point(LAYERS, 0.05))),
                8, new Curve(List.of(new Curve.Point(0, 0))));
        List<LinkLoss> links = List.of(
                new LinkLoss("int8", false, List.of(new LinkLoss.Point(1, 2060, 2072, 0.0005, 0))),
                new LinkLoss("tabq-08", false, List.of(new LinkLoss.Point(1, 1100, 1112, 0.004, 0))),
                new LinkLoss("tuned", false, List.of(new LinkLoss.Point(1, 500, 512, 0.01, 1 << 20))));
        return new QualityProfile("fleet", curves, curves, links, Map.of("float32", 0.0), 0.001);
    }
}
