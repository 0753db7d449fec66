package dev.cleave.edge.cli;

import dev.cleave.edge.CliException;
import dev.cleave.edge.ExitCode;
import dev.cleave.edge.plan.LinkShape;
import dev.cleave.edge.plan.PlanInputs;
import dev.cleave.edge.plan.PlanText;
import dev.cleave.edge.plan.Qualities;
import dev.cleave.edge.profile.ProfileStore;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.json.JsonWriter;
import dev.cleave.optimizer.file.ComputeFile;
import dev.cleave.optimizer.file.LinkFile;
import dev.cleave.optimizer.file.PlanFile;
import dev.cleave.optimizer.file.ProfileFiles;
import dev.cleave.optimizer.plan.Demand;
import dev.cleave.optimizer.plan.Plan;
import dev.cleave.optimizer.plan.PlanAnswer;
import dev.cleave.optimizer.plan.PlanRequest;
import dev.cleave.optimizer.plan.Planner;
import dev.cleave.optimizer.profile.ComputeProfile;
import dev.cleave.optimizer.profile.LinkProfile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Plans, and shows the plan. */
@Command(
        name = "plan",
        description = {
            "Choose split, widths, codec levels and length so that memory and deadline hold: from the profiles that cleave",
            "profile has measured. What --split, --front-bits, --back-bits, --link and --prompt-link name is taken as it is."
        },
        sortOptions = false)
public class PlanCommand implements Callable<Integer> {
    private static final double MOST_MILLIS = 60_000;

    private final Context context;

    @Mixin
    private ModelOptions model;

    @Mixin
    private BudgetOptions budget;

    @Option(
            names = "--answer-tokens",
            paramLabel = "N",
            defaultValue = "128",
            description = "Tokens of an answer to plan for (default: ${DEFAULT-VALUE}).")
    private int answerTokens;

    @Option(names = "--device-profile", paramLabel = "FILE", description = "Of this machine (default: CLEAVE_HOME's).")
    private Path deviceProfile;

    @Option(names = "--cloud-profile", paramLabel = "FILE", description = "Of the worker's (default: CLEAVE_HOME's).")
    private Path cloudProfile;

    @Option(names = "--link-profile", paramLabel = "FILE", description = "Of the link (default: CLEAVE_HOME's).")
    private Path linkProfile;

    @Option(
            names = "--bandwidth",
            paramLabel = "RATE",
            converter = Converters.BitRate.class,
            description = "Suppose a link of that many bits a second upwards, such as 10M, in place of a profile.")
    private Double bandwidth;

    @Option(
            names = "--rtt",
            paramLabel = "MS",
            defaultValue = "20",
            description = "Round trip of a supposed link, ms (default: ${DEFAULT-VALUE}).")
    private double rtt;

    @Option(
            names = "--jitter",
            paramLabel = "MS",
            defaultValue = "0",
            description = "Jitter of a supposed link, ms (default: ${DEFAULT-VALUE}).")
    private double jitter;

    @Option(names = "--front", description = "Also print the Pareto front of memory, expected time and quality.")
    private boolean front;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE",
            description = "Write the plan to FILE, which run --plan takes.")
    private Path out;

    @Mixin
    private OutputOptions output;

    /** Creates the command. */
    public PlanCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Bundle bundle = Models.open(context.home(), model.model);
        PlanInputs inputs = inputs(bundle);
        PlanRequest request = budget.request(bundle, model, inputs, demand(bundle));
        PlanAnswer answer = Planner.plan(request);
        List<Plan> pareto = frontWanted() ? Planner.front(request) : List.of();
        if (!inputs.qualityMeasured()) {
            output.note(
                    context,
                    "what narrower weights and links lose was not measured for " + bundle.name()
                            + ", so that the plan does not choose them; cleave prepare --calibrate measures it");
        }
        if (out != null) {
            ProfileFiles.write(out, PlanFile.write(request, answer));
        }
        if (output.json) {
            Map<String, Object> tree = PlanFile.tree(request, answer);
            if (front) {
                tree.put("front", PlanFile.plans(pareto));
            }
            context.out().print(new String(JsonWriter.pretty(tree), StandardCharsets.UTF_8));
        } else {
            PlanText.of(request, answer).forEach(context.out()::println);
            if (front) {
                context.out().println();
                PlanText.table(pareto).forEach(context.out()::println);
            }
        }
        planned(request, pareto);
        return (answer instanceof PlanAnswer.Planned ? ExitCode.OK : ExitCode.NO_PLAN).number();
    }

    /** Returns whether the Pareto front is to be found. */
    protected boolean frontWanted() {
        return front;
    }

    /**
     * Does more with what was planned, once it is shown.
     *
     * @param front of memory, expected time and quality; empty where it was not wanted
     */
    protected void planned(PlanRequest request, List<Plan> front) {}

    /** Tells a line on standard error, unless it is to be quiet. */
    protected final void note(String text) {
        output.note(context, text);
    }

    private Demand demand(Bundle bundle) {
        int greatest = bundle.architecture().context();
        int context = model.context == null ? greatest : model.context;
        if (answerTokens < 1) {
            throw new CliException(ExitCode.OUT_OF_RANGE, "--answer-tokens " + answerTokens + " is not at least 1");
        }
        int least = budget.promptTokens() + answerTokens;
        if (context > greatest || context < least) {
            throw new CliException(
                    ExitCode.OUT_OF_RANGE,
                    "--context " + context + " is outside " + least + ".." + greatest
                            + ": room for --prompt-tokens and --answer-tokens, and at most the context of "
                            + bundle.name());
        }
        // A length that was named is to be promised; one that was not is the planner's to choose.
        return new Demand(budget.promptTokens(), answerTokens, model.context == null ? least : context, context);
    }

    private PlanInputs inputs(Bundle bundle) {
        ProfileStore store = new ProfileStore(context.home());
        ComputeProfile device = compute(bundle, store, deviceProfile, ProfileStore.Kind.DEVICE);
        ComputeProfile cloud = compute(bundle, store, cloudProfile, ProfileStore.Kind.CLOUD);
        return Qualities.inputs(bundle, device, cloud, link(bundle, store));
    }

    private static ComputeProfile compute(Bundle bundle, ProfileStore store, Path file, ProfileStore.Kind kind) {
        return file == null
                ? store.compute(bundle, kind)
                : ComputeFile.read(ProfileFiles.read(file), file.toString(), bundle);
    }

    private LinkProfile link(Bundle bundle, ProfileStore store) {
        if (bandwidth != null) {
            if (!(rtt >= 0 && rtt <= MOST_MILLIS) || !(jitter >= 0 && jitter <= MOST_MILLIS)) {
                throw new CliException(
                        ExitCode.OUT_OF_RANGE,
                        "--rtt " + rtt + " and --jitter " + jitter + " must be in 0.." + MOST_MILLIS + " ms");
            }
            return new LinkShape(bandwidth, rtt, jitter).profile();
        }
        return Optional.ofNullable(linkProfile)
                .map(file -> LinkFile.read(ProfileFiles.read(file), file.toString()))
                .orElseGet(() -> store.link(bundle));
    }
}
