package dev.cleave.edge.cli;

import dev.cleave.edge.CliException;
import dev.cleave.edge.ExitCode;
import dev.cleave.edge.plan.LinkShape;
import dev.cleave.edge.plan.PlanInputs;
import dev.cleave.edge.plan.PlanText;
import dev.cleave.edge.plan.Qualities;
import dev.cleave.edge.profile.ProfileStore;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.optimizer.file.PlanFile;
import dev.cleave.optimizer.file.ProfileFiles;
import dev.cleave.optimizer.plan.Demand;
import dev.cleave.optimizer.plan.PlanAnswer;
import dev.cleave.optimizer.plan.PlanAnswer.Infeasible;
import dev.cleave.optimizer.plan.PlanAnswer.Planned;
import dev.cleave.optimizer.plan.PlanRequest;
import dev.cleave.optimizer.plan.Planner;
import dev.cleave.optimizer.profile.ComputeProfile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Plans how to divide a model, and has measured what a plan needs and nobody has measured yet. */
public final class Planning {
    private final Context context;
    private final RunArguments arguments;
    private final ProfileStore store;

    public Planning(Context context, RunArguments arguments) {
        this.context = context;
        this.arguments = arguments;
        this.store = new ProfileStore(context.home());
    }

    /** Returns whether a plan is wanted or given. */
    public boolean wanted() {
        return arguments.budget.wanted() || arguments.plan != null;
    }

    /** Measures this machine where that was not done yet. In a process of its own, and before anything else computes here. */
    public void measureDevice(Bundle bundle) throws InterruptedException {
        if (arguments.plan == null && !Files.isRegularFile(store.path(bundle, ProfileStore.Kind.DEVICE))) {
            arguments.output.note(context, "measuring this machine, once");
            List<String> command = new ArrayList<>(List.of("profile", "--quick"));
            command.addAll(List.of("--mode", arguments.model.mode.label()));
            command.addAll(List.of("--threads", Integer.toString(arguments.model.threads)));
            if (arguments.output.quiet) {
                command.add("--quiet");
            }
            command.addAll(List.of("--", bundle.folder().toString()));
            new SelfProcess(context).run(List.of("-Xmx256m"), command, "measuring this machine");
        }
    }

    /**
     * Divides the model by a plan.
     *
     * @param fresh whether cloud and link are to be measured although it was done before: it may have been elsewhere
     * @throws CliException with {@code NO_PLAN} where no setting keeps the budget
     */
    public ChosenSplit divide(Bundle bundle, LinkOptions link, boolean fresh) throws InterruptedException {
        if (arguments.plan != null) {
            return given(bundle, arguments.plan);
        }
        ComputeProfile device = store.compute(bundle, ProfileStore.Kind.DEVICE);
        PlanInputs inputs;
        if (arguments.model.split != null
                && arguments.model.split == bundle.architecture().layers()) {
            // Nothing crosses; what the other side would be does not matter.
            inputs = Qualities.inputs(bundle, device, device, new LinkShape(1e6, 1, 0).profile());
        } else {
            if (fresh || !known(bundle)) {
                measureLink(bundle, link);
            }
            ComputeProfile cloud = store.compute(bundle, ProfileStore.Kind.CLOUD);
            inputs = Qualities.inputs(bundle, device, cloud, store.link(bundle));
        }
        return plan(bundle, inputs);
    }

    private ChosenSplit given(Bundle bundle, Path file) {
        PlanFile.Chosen chosen = PlanFile.read(ProfileFiles.read(file), file.toString());
        if (!chosen.modelHash().equals(bundle.modelHash())) {
            throw new CliException(
                    ExitCode.BUNDLES_DIFFER,
                    "--plan " + file + " was made for the model " + chosen.modelHash() + "; " + bundle.name() + " is "
                            + bundle.modelHash() + ": plan again with cleave plan");
        }
        return ChosenSplit.of(bundle, arguments.model, chosen.setting(), Optional.empty());
    }

    private boolean known(Bundle bundle) {
        return Files.isRegularFile(store.path(bundle, ProfileStore.Kind.CLOUD))
                && Files.isRegularFile(store.path(bundle, ProfileStore.Kind.LINK));
    }

    /** In a process of its own as well: a device that needs no cloud is to hold nothing of MQTT. */
    private void measureLink(Bundle bundle, LinkOptions link) throws InterruptedException {
        arguments.output.note(context, "measuring the link");
        List<String> command = new ArrayList<>(List.of("profile", "--no-device"));
        command.addAll(List.of("--broker", link.brokerOptions().uri().toString()));
        command.addAll(List.of("--connect-timeout", link.connectTimeout.toMillis() + "ms"));
        command.addAll(List.of("--open-timeout", link.openTimeout.toMillis() + "ms"));
        command.addAll(List.of("--step-timeout", link.stepTimeout.toMillis() + "ms"));
        if (link.device != null) {
            command.addAll(List.of("--device", link.device));
        }
        command.addAll(link.login.options());
        if (arguments.output.quiet) {
            command.add("--quiet");
        }
        command.addAll(List.of("--", bundle.folder().toString()));
        new SelfProcess(context).run(List.of("-Xmx128m"), command, "measuring the link");
    }

    private ChosenSplit plan(Bundle bundle, PlanInputs inputs) {
        if (!inputs.qualityMeasured()) {
            arguments.output.note(
                    context,
                    "what narrower weights and links lose was not measured for " + bundle.name()
                            + ": the plan leaves them as they are by default");
        }
        int prompt = arguments.budget.promptTokens();
        int answer = arguments.sampling.maxTokens;
        int usual = ChosenSplit.context(bundle, arguments.model);
        int least = Math.min(usual, prompt + answer);
        if (prompt >= least) {
            throw new CliException(
                    ExitCode.OUT_OF_RANGE,
                    "--prompt-tokens " + prompt + " leaves no room for an answer in a context of " + usual);
        }
        PlanRequest request = arguments.budget.request(
                bundle, arguments.model, inputs, new Demand(prompt, least - prompt, usual, usual));
        PlanAnswer result = Planner.plan(request);
        if (result instanceof Infeasible && arguments.model.context == null && least < usual) {
            // Nobody asked for so long a text.
            request = arguments.budget.request(
                    bundle, arguments.model, inputs, new Demand(prompt, least - prompt, least));
            result = Planner.plan(request);
        }
        if (result instanceof Planned planned) {
            arguments.output.note(
                    context,
                    PlanText.sentence(planned.best(), request.device().layers()) + "; "
                            + planned.best().setting().length() + " tokens");
            return ChosenSplit.of(bundle, arguments.model, planned.best().setting(), Optional.of(planned.best()));
        }
        throw new CliException(ExitCode.NO_PLAN, String.join("\n", PlanText.of(request, result)));
    }
}
