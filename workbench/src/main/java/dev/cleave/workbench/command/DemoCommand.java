package dev.cleave.workbench.command;

import dev.cleave.edge.cli.Answering;
import dev.cleave.edge.cli.ChosenSplit;
import dev.cleave.edge.cli.Context;
import dev.cleave.edge.cli.Converters;
import dev.cleave.edge.cli.Models;
import dev.cleave.edge.cli.Planning;
import dev.cleave.edge.cli.RunArguments;
import dev.cleave.edge.cli.SelfProcess;
import dev.cleave.edge.session.EdgeConfig;
import dev.cleave.edge.session.EdgeSession;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.sampling.SamplingOptions;
import dev.cleave.workbench.cloud.CloudProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows the whole: prepares the model, starts a cloud service, answers, and reports. */
@Command(
        name = "demo",
        description = "Answer one prompt with a cloud service of its own, and report what happened.",
        sortOptions = false)
public final class DemoCommand implements Callable<Integer> {
    private static final String DEFAULT_PROMPT = "Turn on the kitchen light in half an hour";
    private static final String PREPARE_HEAP = "-Xmx512m";

    private final Context context;

    @Mixin
    private RunArguments arguments;

    @Option(
            names = "--start-timeout",
            paramLabel = "TIME",
            defaultValue = "60s",
            converter = Converters.Time.class,
            description = "Wait for the cloud service (default: ${DEFAULT-VALUE}).")
    private Duration startTimeout;

    /** Creates the command. */
    public DemoCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        SamplingOptions sampling = arguments.sampling.options();
        Bundle bundle = bundle();
        Planning planning = new Planning(context, arguments);
        return planning.wanted() ? planned(bundle, planning, sampling) : divided(bundle, sampling);
    }

    private int divided(Bundle bundle, SamplingOptions sampling) throws InterruptedException {
        // Before anything is started: a cut that cannot be is said at once.
        ChosenSplit chosen = ChosenSplit.of(bundle, arguments.model);
        if (!chosen.config().needsCloud(bundle)) {
            return answer(bundle, chosen, sampling, Optional.empty());
        }
        // The device opens its share while the service starts.
        try (CloudProcess cloud = startCloud(bundle, false)) {
            return answer(bundle, chosen, sampling, Optional.of(cloud));
        }
    }

    /** A plan needs what this machine, the cloud's and the link can do. */
    private int planned(Bundle bundle, Planning planning, SamplingOptions sampling) throws InterruptedException {
        planning.measureDevice(bundle);
        try (CloudProcess cloud = startCloud(bundle, true)) {
            arguments.link.broker = cloud.awaitReady(startTimeout);
            ChosenSplit chosen = planning.divide(bundle, arguments.link, true);
            return answer(bundle, chosen, sampling, Optional.of(cloud));
        }
    }

    private int answer(Bundle bundle, ChosenSplit chosen, SamplingOptions sampling, Optional<CloudProcess> cloud)
            throws InterruptedException {
        EdgeConfig config = arguments.session(context, bundle, chosen, sampling, () -> {
            if (cloud.isPresent()) {
                arguments.link.broker = cloud.get().awaitReady(startTimeout);
            }
            return arguments.link.brokerOptions();
        });
        try (EdgeSession session = EdgeSession.open(config)) {
            session.promptNote().ifPresent(text -> arguments.output.note(context, text));
            return new Answering(context, session, chosen.plan(), arguments, Answering.Figures.REPORT)
                    .answer(session.conversation(arguments.system()), prompt(), false)
                    .number();
        }
    }

    private String prompt() {
        return arguments.prompt().orElseGet(() -> {
            arguments.output.note(context, "the prompt is: " + DEFAULT_PROMPT);
            return DEFAULT_PROMPT;
        });
    }

    private CloudProcess startCloud(Bundle bundle, boolean measured) {
        arguments.output.note(context, "starting the cloud service");
        List<String> settings = new ArrayList<>();
        settings.add("-Dcleave.bundle=" + bundle.folder().toAbsolutePath());
        settings.add("-Dquarkus.http.port=0");
        settings.add("-Dcleave.worker.profile=" + measured);
        settings.add(
                arguments.link.brokerNamed()
                        ? "-Dcleave.broker.url="
                                + arguments.link.brokerOptions().uri()
                        : "-Dcleave.broker.port=0");
        return CloudProcess.start(context.home(), settings, arguments.link.login.environment(), context.interrupts());
    }

    /** Returns the prepared model, prepared now where it is not, or not at the widths that are asked for. */
    private Bundle bundle() throws InterruptedException {
        TreeSet<Integer> widths = new TreeSet<>(List.of(arguments.model.frontBits(), arguments.model.backBits()));
        Optional<Path> prepared = Models.find(context.home(), arguments.model.model);
        if (prepared.isPresent()) {
            Bundle bundle = Bundle.open(prepared.get());
            if (bundle.widths().containsAll(widths)) {
                return bundle;
            }
            widths.addAll(bundle.widths());
        }
        Optional<Path> checkpoint = Models.checkpoint(context.home(), arguments.model.model);
        if (checkpoint.isEmpty()) {
            return Models.open(context.home(), arguments.model.model);
        }
        Path target =
                prepared.orElse(context.home().models().resolve(checkpoint.get().getFileName()));
        prepare(checkpoint.get(), target, widths);
        return Bundle.open(target);
    }

    private void prepare(Path checkpoint, Path target, TreeSet<Integer> widths) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of("prepare", "--exit-with-parent"));
        command.addAll(List.of("--out", target.toString()));
        command.addAll(List.of("--bits", widths.stream().map(String::valueOf).collect(Collectors.joining(","))));
        if (arguments.output.quiet) {
            command.add("--quiet");
        }
        command.addAll(List.of("--", checkpoint.toString()));
        new SelfProcess(context).run(List.of(PREPARE_HEAP), command, "preparing the model " + checkpoint);
    }
}
