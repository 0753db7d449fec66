package dev.cleave.edge.cli;

import dev.cleave.edge.CliException;
import dev.cleave.edge.ExitCode;
import dev.cleave.edge.plan.PlanInputs;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.optimizer.plan.Budget;
import dev.cleave.optimizer.plan.Choices;
import dev.cleave.optimizer.plan.Demand;
import dev.cleave.optimizer.plan.Objective;
import dev.cleave.optimizer.plan.PlanRequest;
import dev.cleave.optimizer.profile.ComputeProfile;
import dev.cleave.optimizer.profile.LinkLoss;
import dev.cleave.optimizer.profile.WidthCost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** Options that say what is to be kept, and what to aim at. */
final class BudgetOptions {
    private static final List<Objective> OBJECTIVES =
            List.of(Objective.TIME, Objective.QUALITY, Objective.LENGTH, Objective.BYTES, Objective.CLOUD);
    private static final double NANOS_PER_MILLI = 1e6;

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            converter = Converters.Size.class,
            description = "Most memory that the device's process may take, such as 200M (1024 to the K).")
    Long memory;

    @Option(
            names = "--deadline",
            paramLabel = "TIME",
            converter = Converters.Time.class,
            description = "Most time that a token may take, such as 40ms, at every length of the text.")
    Duration deadline;

    @Option(
            names = "--first-token",
            paramLabel = "TIME",
            converter = Converters.Time.class,
            description = "Most time that the first token may take.")
    Duration firstToken;

    @Option(
            names = "--miss",
            paramLabel = "SHARE",
            defaultValue = "0.05",
            converter = Converters.Percent.class,
            description = "How often times may be missed (default: ${DEFAULT-VALUE}).")
    double miss;

    @Option(
            names = "--objective",
            paramLabel = "NAME",
            defaultValue = "time",
            description =
                    "What a plan makes the best of: time, quality, length, bytes, cloud (its work), or weights such as"
                            + " time=1,quality=200,bytes=0.01,cloud=1,length=0.1 (default: ${DEFAULT-VALUE}).")
    private String objective;

    @Option(
            names = "--prompt-tokens",
            paramLabel = "N",
            defaultValue = "64",
            description = "Tokens of a prompt to plan for (default: ${DEFAULT-VALUE}).")
    private int promptTokens;

    /** Returns the tokens of a prompt. */
    int promptTokens() {
        if (promptTokens < 1) {
            throw new CliException(ExitCode.OUT_OF_RANGE, "--prompt-tokens " + promptTokens + " is not at least 1");
        }
        return promptTokens;
    }

    /** Returns whether a plan is asked for. */
    boolean wanted() {
        return memory != null || deadline != null || firstToken != null;
    }

    /** Returns the budget; {@code rise} of the perplexity may be null for any. */
    private Budget budget(Double rise) {
        if (miss > 0.5) {
            throw new CliException(
                    ExitCode.USAGE, "--miss " + miss + " is outside 0..0.5: most tokens are to be in time");
        }
        return new Budget(
                memory == null ? Budget.UNLIMITED : memory,
                millis(firstToken),
                millis(deadline),
                miss,
                rise == null ? Budget.UNLIMITED : Math.log1p(rise));
    }

    private static double millis(Duration time) {
        return time == null ? Budget.UNLIMITED : time.toNanos() / NANOS_PER_MILLI;
    }

    private Objective objective() {
        for (Objective named : OBJECTIVES) {
            if (named.name().equals(objective)) {
                return named;
            }
        }
        return weighted();
    }

    private Objective weighted() {
        Map<String, Double> weights = new HashMap<>();
        for (String part : objective.split(",")) {
            String[] pair = part.split("=", 2);
            boolean known = OBJECTIVES.stream().anyMatch(named -> named.name().equals(pair[0]));
            if (pair.length != 2 || !known || !pair[1].matches("\\d{1,9}(\\.\\d{1,9})?")) {
                throw new CliException(
                        ExitCode.USAGE,
                        "--objective '" + objective + "' is none of "
                                + OBJECTIVES.stream().map(Objective::name).toList()
                                + ", nor weights such as time=1,quality=200");
            }
            weights.put(pair[0], Double.parseDouble(pair[1]));
        }
        return new Objective(
                objective,
                weights.getOrDefault("time", 0.0),
                weights.getOrDefault("quality", 0.0),
                weights.getOrDefault("bytes", 0.0),
                weights.getOrDefault("cloud", 0.0),
                weights.getOrDefault("length", 0.0));
    }

    /** Returns what is asked of the planner. */
    PlanRequest request(Bundle bundle, ModelOptions model, PlanInputs inputs, Demand demand) {
        return inputs.request(
                new PlanInputs.Wish(demand, budget(model.quality), choices(bundle, model, inputs), objective()));
    }

    /**
     * Returns what a plan may choose from: what the options name is no longer free. Where nobody has measured what narrower
     * weights and links lose, they are the defaults too.
     *
     * @throws CliException with {@code OUT_OF_RANGE} for what bundle or profiles do not have
     */
    private static Choices choices(Bundle bundle, ModelOptions model, PlanInputs inputs) {
        int layers = bundle.architecture().layers();
        if (model.split != null && (model.split < 0 || model.split > layers)) {
            throw outOfRange("--split " + model.split, "0.." + layers + ", the layers of " + bundle.name());
        }
        width("--front-bits", model.frontBits, inputs.device());
        width("--back-bits", model.backBits, inputs.cloud());
        boolean qualityMeasured = inputs.qualityMeasured();
        known("--link", model.link, inputs);
        known("--prompt-link", model.promptLink, inputs);
        List<Integer> front = one(model.frontBits, qualityMeasured ? null : ModelOptions.FRONT_BITS);
        List<Integer> back = one(model.backBits, qualityMeasured ? null : ModelOptions.BACK_BITS);
        String link = "auto".equals(model.link) ? null : model.link;
        String unmeasured = qualityMeasured ? null : ModelOptions.LINK;
        return new Choices(
                one(model.split, null),
                front,
                back,
                one(model.promptLink == null ? link : model.promptLink, unmeasured),
                one(link, unmeasured),
                one(model.kv == null ? null : model.kv.label(), null));
    }

    private static void width(String option, Integer bits, ComputeProfile profile) {
        List<Integer> widths = profile.widths().stream().map(WidthCost::bits).toList();
        if (bits != null && !widths.contains(bits)) {
            throw outOfRange(
                    option + " " + bits, widths + ", the widths of its profile: measure again with cleave profile");
        }
    }

    private static void known(String option, String link, PlanInputs inputs) {
        List<String> names =
                inputs.quality().links().stream().map(LinkLoss::link).toList();
        if (link != null && !"auto".equals(link) && !names.contains(link)) {
            throw outOfRange(
                    option + " " + link, names + ", whose cost is known; tuned ones need cleave prepare --calibrate");
        }
    }

    private static CliException outOfRange(String what, String expected) {
        return new CliException(ExitCode.OUT_OF_RANGE, what + " is not among " + expected);
    }

    private static <T> List<T> one(T named, T otherwise) {
        List<T> list = new ArrayList<>();
        if (named != null) {
            list.add(named);
        } else if (otherwise != null) {
            list.add(otherwise);
        }
        return list;
    }
}
