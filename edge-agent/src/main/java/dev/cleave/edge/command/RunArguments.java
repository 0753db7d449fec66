package dev.cleave.edge.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What {@code run} and {@code demo} have in common. */
final class RunArguments {
    @Parameters(paramLabel = "PROMPT", arity = "0..*", description = "What to answer.")
    private List<String> words = new ArrayList<>();

    @Mixin
    ModelOptions model;

    @Mixin
    PromiseOptions promise;

    @Option(
            names = "--plan",
            paramLabel = "FILE",
            description = "Divide the model as a plan says that cleave plan --out has written.")
    Path plan;

    @Mixin
    AdaptOptions adapt;

    @Mixin
    SamplingArguments sampling;

    @Mixin
    LinkOptions link;

    @Option(names = "--raw", description = "Take the prompt as it is, without the model's chat template.")
    boolean raw;

    @Option(names = "--system", paramLabel = "TEXT", description = "System message, where the chat template knows one.")
    String system;

    @Mixin
    OutputOptions output;

    /** Returns what to answer, where it was given; words that the shell has separated are put together again. */
    Optional<String> prompt() {
        return words.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", words));
    }

    Optional<String> system() {
        return Optional.ofNullable(system);
    }
}
