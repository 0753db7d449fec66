package dev.cleave.edge.cli;

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
}
