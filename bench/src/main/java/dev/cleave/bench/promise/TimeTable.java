package dev.cleave.bench.promise;

import dev.cleave.bench.Machine;
import dev.cleave.edge.plan.PlanInputs;
import dev.cleave.edge.plan.UnmeasuredQuality;
import dev.cleave.generation.GenerationResult;
import dev.cleave.generation.SplitConfig;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.optimizer.plan.Budget;
import dev.cleave.optimizer.plan.Choices;
import dev.cleave.optimizer.plan.Demand;
import dev.cleave.optimizer.plan.Objective;
import dev.cleave.optimizer.plan.Plan;
import dev.cleave.optimizer.plan.PlanAnswer.Planned;
import dev.cleave.optimizer.plan.PlanRequest;
import dev.cleave.optimizer.plan.Planner;
import dev.cleave.optimizer.profile.ComputeProfile;
import dev.cleave.optimizer.profile.LinkProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Writes how far predicted and measured times a token are apart, how often deadlines are missed, and how much worse than the
 * best the chosen split is: on emulated devices and links.
 *
 * <p>Arguments: the file to write, then for each model and load BUNDLE:SPLITS:SLOWNESSES:LOAD, such as {@code m:0,2,4:1,4:1}: by how much
 * longer the device takes, and the cloud. The repository's root is the working directory; the cloud service must be packaged.
 */
public final class TimeTable {
    private static final int PAIRS = 24;
    private static final String PROMPT = "Once upon a time, there was a little girl";
    private static final Place.Text TEXT = new Place.Text(PROMPT, 20, 40);

    /** Without a link steps are so short that a few of them say nothing. */
    private static final Place.Text ALONE = new Place.Text(PROMPT, 100, 120);

    private static final int FRONT_BITS = 4;
    private static final int BACK_BITS = 8;
    private static final String LINK = "int8";
    private static final double PER_CENT = 100;

    private final StringBuilder markdown;
    private final Bundle bundle;
    private final List<Integer> splits;
    private final List<Outcome> all = new ArrayList<>();
    private final Map<String, LinkProfile> links = new HashMap<>();
    private int cases;
    private final List<Double> regrets = new ArrayList<>();

    private TimeTable(StringBuilder markdown, Bundle bundle, List<Integer> splits) {
        this.markdown = markdown;
        this.bundle = bundle;
        this.splits = splits;
    }

    /** Measures and writes. */
    public static void main(String[] args) throws Exception {
        StringBuilder markdown = new StringBuilder();
        markdown.append(Files.readString(Path.of("bench/src/main/resources/latency-head.md")));
        for (String model : Arrays.asList(args).subList(1, args.length)) {
            String[] parts = model.split(":");
            TimeTable table = new TimeTable(markdown, Bundle.open(Path.of(parts[0])), numbers(parts[1]));
            table.run(numbers(parts[2]), Double.parseDouble(parts[3]));
        }
        markdown.append('\n')
                .append(Machine.line(
                        "bench/run promise.TimeTable docs/results/latency.md BUNDLE:SPLITS:SLOWNESSES:LOAD…"))
                .append('\n');
        Files.writeString(Path.of(args[0]), markdown);
        System.exit(0);
    }

    private static List<Integer> numbers(String text) {
        return Arrays.stream(text.split(",")).map(Integer::parseInt).toList();
    }

    private void run(List<Integer> slownesses, double load) throws IOException, InterruptedException {
        line("");
        line(
                "## %s%s, emulated",
                bundle.name(), load == 1 ? "" : String.format(Locale.ROOT, ", the cloud shared by %.0f", load));
        line("");
        line(
                "| k | Mbit/s | round trip, ms | split %s: predicted, ms | measured | error, all splits: median | worst | late |"
                        + " chosen/best, regret: any memory | 3/4 of the layers | half |",
                middle());
        line("|---:|---:|---:|---:|---:|---:|---:|---:|---|---|---|");
        Path root = Path.of("").toAbsolutePath();
        try (Place place = Place.of(bundle, root, load)) {
            ComputeProfile cloud = load == 1 ? place.cloudProfile() : Scaled.by(Place.idleProfile(bundle, root), load);
            place.warmUp(Place.config(middle(), FRONT_BITS, BACK_BITS, LINK));
            ComputeProfile device = place.deviceProfile();
            for (int k : slownesses) {
                for (Emulated emulated : Emulated.links(k)) {
                    cell(place, emulated, Scaled.by(device, k), cloud);
                }
            }
        }
        summary();
    }

    private int middle() {
        return splits.get(splits.size() / 2);
    }

    private void cell(Place place, Emulated emulated, ComputeProfile device, ComputeProfile cloud) {
        place.shape(emulated);
        LinkProfile link = links.computeIfAbsent(
                emulated.megabits() + "/" + emulated.roundTripMillis(), any -> place.linkProfile(PAIRS));
        PlanInputs inputs = new PlanInputs(device, cloud, link, UnmeasuredQuality.of(bundle), false);
        Demand demand = demand(place, TEXT);
        List<Outcome> outcomes = new ArrayList<>();
        for (int split : splits) {
            outcomes.add(measure(place, emulated, split, inputs));
            System.err.println(emulated + " " + outcomes.get(outcomes.size() - 1));
        }
        all.addAll(outcomes);
        Outcome shown = outcomes.stream()
                .filter(outcome -> outcome.split() == middle())
                .findFirst()
                .orElseThrow();
        double[] errors = outcomes.stream().mapToDouble(Outcome::error).sorted().toArray();
        StringBuilder budgets = new StringBuilder();
        int layers = bundle.architecture().layers();
        for (int most : new int[] {layers, layers * 3 / 4, layers / 2}) {
            budgets.append(" | ").append(budget(inputs, demand, outcomes, most));
        }
        line(
                "| %.0f | %.0f | %.0f | %.2f | %.2f | %.1f %% | %.1f %% | %.0f %%%s |",
                emulated.slowness(),
                emulated.megabits(),
                emulated.roundTripMillis(),
                shown.predicted(),
                shown.measured(),
                PER_CENT * errors[errors.length / 2],
                PER_CENT * errors[errors.length - 1],
                PER_CENT
                        * outcomes.stream().mapToDouble(Outcome::late).average().orElse(0),
                budgets);
    }

    private PlanRequest request(PlanInputs inputs, Demand demand, List<Integer> allowed, Budget budget) {
        Choices choices =
                new Choices(allowed, List.of(FRONT_BITS), List.of(BACK_BITS), List.of(LINK), List.of(LINK), List.of());
        return inputs.request(new PlanInputs.Wish(demand, budget, choices, Objective.TIME));
    }

    private static Demand demand(Place place, Place.Text text) {
        return new Demand(place.promptTokens(text), text.tokens(), text.context(), text.context());
    }

    private Outcome measure(Place place, Emulated emulated, int split, PlanInputs inputs) {
        SplitConfig config = Place.config(split, FRONT_BITS, BACK_BITS, LINK);
        Place.Text text = config.needsCloud(bundle) ? TEXT : ALONE;
        PlanRequest request = request(inputs, demand(place, text), List.of(split), Budget.NONE);
        Plan promised = ((Planned) Planner.plan(request)).best();
        Budget even = new Budget(Budget.UNLIMITED, Budget.UNLIMITED, Budget.UNLIMITED, 0.5, Budget.UNLIMITED);
        Plan usual = ((Planned) Planner.plan(request.with(even))).best();
        double deadline = promised.forecast().token().total();
        GenerationResult result = place.run(emulated, config, text, deadline);
        GenerationResult again = place.run(emulated, config, text, deadline);
        int steps = result.timings().decodeSteps() + again.timings().decodeSteps();
        return new Outcome(
                split,
                usual.forecast().token().total() / Budget.MARGIN,
                result.timings().median().total(),
                again.timings().median().total(),
                usual.forecast().firstTokenMillis() / Budget.MARGIN,
                (result.timings().prefill() + again.timings().prefill()) / 2,
                (Place.answerMillis(result) + Place.answerMillis(again)) / 2,
                deadline,
                (double) (result.trace().late() + again.trace().late()) / steps);
    }

    /** Says what the planner chooses where the memory holds so many layers at most, and what would have been best. */
    private String budget(PlanInputs inputs, Demand demand, List<Outcome> outcomes, int layers) {
        List<Integer> held = splits.stream().filter(split -> split <= layers).toList();
        Plan plan = ((Planned) Planner.plan(request(inputs, demand, held, Budget.NONE))).best();
        int chosen = plan.setting().split();
        Outcome best = null;
        Outcome own = null;
        for (Outcome outcome : outcomes) {
            if (outcome.split() <= layers && (best == null || outcome.measuredMean() < best.measuredMean())) {
                best = outcome;
            }
            own = outcome.split() == chosen ? outcome : own;
        }
        double regret = own.measuredMean() / best.measuredMean() - 1;
        if (best.split() > 0 && best.split() < bundle.architecture().layers()) {
            cases++;
            regrets.add(regret);
        }
        return String.format(Locale.ROOT, "%d/%d, %.1f %%", chosen, best.split(), PER_CENT * regret);
    }

    private void summary() {
        double[] errors = all.stream().mapToDouble(Outcome::error).sorted().toArray();
        long within = Arrays.stream(errors).filter(error -> error <= 0.15).count();
        double[] firsts = all.stream()
                .mapToDouble(outcome -> Math.abs(outcome.predictedFirst() / outcome.measuredFirst() - 1))
                .sorted()
                .toArray();
        double[] apart = all.stream().mapToDouble(Outcome::apart).sorted().toArray();
        double[] sorted =
                regrets.stream().mapToDouble(regret -> regret).sorted().toArray();
        line("");
        line(
                "Of %d predictions %d are within 15 %% (median %.1f %%, one in ten beyond %.1f %%, worst %.1f %%); the first token's:"
                        + " median %.1f %%. Late tokens: %.1f %% on average, where 5 %% are allowed. The same run twice: median %.1f %%"
                        + " apart, one in ten beyond %.1f %%.",
                errors.length,
                within,
                PER_CENT * errors[errors.length / 2],
                PER_CENT * errors[errors.length * 9 / 10],
                PER_CENT * errors[errors.length - 1],
                PER_CENT * firsts[firsts.length / 2],
                PER_CENT * all.stream().mapToDouble(Outcome::late).average().orElse(0),
                PER_CENT * apart[apart.length / 2],
                PER_CENT * apart[apart.length * 9 / 10]);
        if (sorted.length == 0) {
            line("No case whose best split is neither 0 nor L.");
        } else {
            line(
                    "Cases whose best split is neither 0 nor L: %d; regret median %.1f %%, worst %.1f %%; %d within 5 %%.",
                    cases,
                    PER_CENT * sorted[sorted.length / 2],
                    PER_CENT * sorted[sorted.length - 1],
                    Arrays.stream(sorted).filter(regret -> regret <= 0.05).count());
        }
    }

    private void line(String format, Object... values) {
        markdown.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
