package dev.cleave.edge.cli;

import dev.cleave.edge.ExitCode;
import dev.cleave.edge.Failure;
import dev.cleave.edge.process.ProcessMemory;
import dev.cleave.edge.report.Report;
import dev.cleave.edge.report.ReportJson;
import dev.cleave.edge.report.ReportText;
import dev.cleave.edge.session.EdgeSession;
import dev.cleave.generation.Cancellation;
import dev.cleave.generation.FinishReason;
import dev.cleave.generation.GenerationException;
import dev.cleave.generation.GenerationResult;
import dev.cleave.generation.loop.Conversation;
import dev.cleave.optimizer.plan.Plan;
import java.io.PrintStream;
import java.util.Optional;

/** Asks for one answer after the other, shows each while it grows, and what it took. */
public final class Answering {
    /** Where the figures go. */
    public enum Figures {
        /** A whole report on standard output: they are what was asked for. */
        REPORT,
        /** One line on standard error. */
        LINE
    }

    private final Context context;
    private final EdgeSession session;
    private final Optional<Plan> plan;
    private final RunArguments arguments;
    private final Figures figures;
    private final PrintStream shown;

    public Answering(
            Context context, EdgeSession session, Optional<Plan> plan, RunArguments arguments, Figures figures) {
        this.context = context;
        this.session = session;
        this.plan = plan;
        this.arguments = arguments;
        this.figures = figures;
        this.shown = arguments.output.json ? context.err() : context.out();
    }

    /**
     * Answers.
     *
     * @param programGoesOn whether Ctrl-C ends the answer only
     * @return how the program would end, were this the last answer
     */
    public ExitCode answer(Conversation conversation, String prompt, boolean programGoesOn) {
        Cancellation cancellation = new Cancellation();
        context.interrupts().answering(cancellation, programGoesOn);
        try {
            GenerationResult result = conversation.ask(prompt, arguments.sampling.maxTokens, this::show, cancellation);
            print(result, Optional.empty());
            boolean cancelled = result.finishReason() == FinishReason.CANCELLED;
            return cancelled ? context.interrupts().reason().orElse(ExitCode.INTERRUPTED) : ExitCode.OK;
        } catch (GenerationException e) {
            Failure failure = Failure.of(e);
            print(e.partial(), Optional.of(failure));
            context.err().println("cleave: " + failure.message());
            context.trace(e);
            return failure.code();
        } finally {
            context.interrupts().answered();
        }
    }

    private void show(String piece) {
        if (!arguments.output.json || !arguments.output.quiet) {
            shown.print(piece);
            shown.flush();
        }
    }

    private void print(GenerationResult result, Optional<Failure> failure) {
        Report report =
                new Report(session.bundle(), result, session.prediction(), plan, ProcessMemory.peakResident(), failure);
        if (!arguments.output.json || !arguments.output.quiet) {
            shown.println();
        }
        if (!arguments.output.quiet) {
            if (figures == Figures.REPORT) {
                shown.println();
                ReportText.of(report).forEach(shown::println);
            } else if (!arguments.output.json) {
                context.err().println("cleave: " + ReportText.line(result));
            }
        }
        if (!arguments.output.quiet) {
            ReportText.departures(result).forEach(line -> context.err().println("cleave: " + line));
        }
        if (arguments.output.json) {
            context.out().print(ReportJson.of(report));
            context.out().flush();
        }
    }
}
