package dev.cleave.edge.cli;

import dev.cleave.edge.CliException;
import dev.cleave.edge.ExitCode;
import dev.cleave.edge.Failure;
import dev.cleave.edge.process.LineReader;
import dev.cleave.edge.process.Terminals;
import dev.cleave.edge.report.ReportJson;
import dev.cleave.edge.session.EdgeConfig;
import dev.cleave.edge.session.EdgeSession;
import dev.cleave.generation.PromptTooLongException;
import dev.cleave.generation.loop.Conversation;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.sampling.SamplingOptions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Answers one prompt, or holds a conversation. */
@Command(
        name = "run",
        description = {
            "Answer a prompt. Without one, hold a conversation: a line is a message, /new begins another conversation,",
            "Ctrl-C ends an answer, Ctrl-D the program."
        },
        sortOptions = false)
public final class RunCommand implements Callable<Integer> {
    private static final String PROMPT = "> ";
    private static final String NEW = "/new";

    /** How a process that measures the link ends where the cloud is out of reach. */
    private static final Set<ExitCode> AWAY =
            EnumSet.of(ExitCode.NO_WORKER, ExitCode.BROKER_UNREACHABLE, ExitCode.BROKER_LOST, ExitCode.WORKER_LOST);

    private final Context context;

    @Mixin
    private RunArguments arguments;

    /** Creates the command. */
    public RunCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        SamplingOptions sampling = arguments.sampling.options();
        Bundle bundle = Models.open(context.home(), arguments.model.model);
        ChosenSplit chosen = chosen(bundle);
        EdgeConfig config = arguments.session(context, bundle, chosen, sampling, arguments.link::brokerOptions);
        try (EdgeSession session = EdgeSession.open(config)) {
            session.promptNote().ifPresent(text -> arguments.output.note(context, text));
            Conversation conversation = session.conversation(arguments.system());
            Answering answering = new Answering(context, session, chosen.plan(), arguments, Answering.Figures.LINE);
            ExitCode code = arguments.prompt().isEmpty()
                    ? converse(conversation, answering)
                    : answering.answer(conversation, arguments.prompt().get(), false);
            return code.number();
        }
    }

    private ChosenSplit chosen(Bundle bundle) throws InterruptedException {
        Planning planning = new Planning(context, arguments);
        if (!planning.wanted()) {
            return ChosenSplit.of(bundle, arguments.model);
        }
        planning.measureDevice(bundle);
        try {
            return planning.divide(bundle, arguments.link, false);
        } catch (CliException failure) {
            ChosenSplit unplanned = ChosenSplit.of(bundle, arguments.model);
            if (!arguments.adapt.offline()
                    || !AWAY.contains(failure.code())
                    || !unplanned.fits(bundle, arguments.budget.memory)) {
                throw failure;
            }
            // Nothing is known of the cloud, nor is it there: the answer comes from this device, and no plan has a say.
            arguments.output.note(context, "there is no plan without the cloud: " + failure.getMessage());
            return unplanned;
        }
    }

    private ExitCode converse(Conversation conversation, Answering answering) throws InterruptedException {
        LineReader lines = new LineReader(context.in());
        ExitCode code = ExitCode.OK;
        while (true) {
            if (Terminals.input() && !arguments.output.quiet) {
                context.err().print(PROMPT);
                context.err().flush();
            }
            Optional<String> line = lines.next();
            if (line.isEmpty()) {
                return code;
            }
            String text = line.get().trim();
            if (text.equals(NEW)) {
                conversation.clear();
            } else if (!text.isEmpty()) {
                code = turn(conversation, answering, text);
            }
        }
    }

    private ExitCode turn(Conversation conversation, Answering answering, String text) {
        try {
            ExitCode code = answering.answer(conversation, text, true);
            // An answer that its user ended is no failure of the program.
            return code == ExitCode.INTERRUPTED ? ExitCode.OK : code;
        } catch (PromptTooLongException e) {
            Failure failure = Failure.of(e);
            context.err().println("cleave: " + failure.message() + "; " + NEW + " begins one");
            if (arguments.output.json) {
                context.out().print(ReportJson.of(failure));
            }
            return failure.code();
        }
    }
}
