package dev.cleave.edge.cli;

import dev.cleave.edge.session.EdgeConfig;
import dev.cleave.edge.session.WorkerAccess;
import dev.cleave.model.EngineOptions;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.sampling.SamplingOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What {@code run} and {@code demo} have in common. */
public final class RunArguments {
    @Parameters(paramLabel = "PROMPT", arity = "0..*", description = "What to answer.")
    private List<String> words = new ArrayList<>();

    @Mixin
    public ModelOptions model;

    @Mixin
    public BudgetOptions budget;

    @Option(
            names = "--plan",
            paramLabel = "FILE",
            description = "Divide the model as a plan says that cleave plan --out has written.")
    public Path plan;

    @Mixin
    public AdaptOptions adapt;

    @Mixin
    public SamplingArguments sampling;

    @Mixin
    public LinkOptions link;

    @Option(names = "--raw", description = "Take the prompt as it is, without the model's chat template.")
    public boolean raw;

    @Option(names = "--system", paramLabel = "TEXT", description = "System message, where the chat template knows one.")
    public String system;

    @Mixin
    public OutputOptions output;

    /** Returns what to answer, where it was given; words that the shell has separated are put together again. */
    public Optional<String> prompt() {
        return words.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", words));
    }

    public Optional<String> system() {
        return Optional.ofNullable(system);
    }

    /**
     * Returns what a session is to be made of.
     *
     * @param broker asked once the device's share is open, where the cloud has one
     */
    public EdgeConfig session(
            Context context,
            Bundle bundle,
            ChosenSplit chosen,
            SamplingOptions chosenSampling,
            WorkerAccess.BrokerSource broker) {
        Optional<WorkerAccess.Offline> offline = adapt.offline()
                ? Optional.of(new WorkerAccess.Offline(
                        budget.memory == null ? Long.MAX_VALUE : budget.memory,
                        text -> context.err().println("cleave: " + text)))
                : Optional.empty();
        Optional<WorkerAccess> worker = chosen.config().needsCloud(bundle)
                ? Optional.of(new WorkerAccess(broker, link.deviceName(context.home()), link.timeouts(), offline))
                : Optional.empty();
        return new EdgeConfig(
                bundle,
                chosen.config(),
                chosen.context(),
                EngineOptions.DEFAULT.withThreads(ModelOptions.checkedThreads(model.threads)),
                chosenSampling,
                adapt.target(bundle, chosen, budget, model.quality),
                raw,
                worker);
    }
}
