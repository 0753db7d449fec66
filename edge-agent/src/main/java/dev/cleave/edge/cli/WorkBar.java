package dev.cleave.edge.cli;

import dev.cleave.edge.process.Terminals;
import dev.cleave.model.bundle.PreparationProgress;
import java.io.PrintStream;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Shows how far a long piece of work is: a bar on a terminal, otherwise a line for each tenth. */
public final class WorkBar implements PreparationProgress, AutoCloseable {
    private static final long MIB = 1 << 20;

    private final PrintStream err;
    private final String name;
    private final boolean quiet;
    private final ProgressBar bar;
    private long shownTenths;

    private WorkBar(PrintStream err, String name, boolean quiet, ProgressBar bar) {
        this.err = err;
        this.name = name;
        this.quiet = quiet;
        this.bar = bar;
    }

    /** Shows bytes. */
    public static WorkBar bytes(PrintStream err, String name, boolean quiet) {
        return of(err, name, " MiB", MIB, quiet);
    }

    /** Shows things that are counted. */
    public static WorkBar count(PrintStream err, String name, String unit, boolean quiet) {
        return of(err, name, " " + unit, 1, quiet);
    }

    private static WorkBar of(PrintStream err, String name, String unit, long unitSize, boolean quiet) {
        ProgressBar bar = Terminals.error() && !quiet
                ? new ProgressBarBuilder()
                        .setTaskName(name)
                        .setUnit(unit, unitSize)
                        .setStyle(ProgressBarStyle.ASCII)
                        .setConsumer(new ConsoleProgressBarConsumer(err))
                        .build()
                : null;
        return new WorkBar(err, name, quiet, bar);
    }

    @Override
    public void advanced(long done, long total, String what) {
        if (bar != null) {
            bar.maxHint(total);
            bar.stepTo(done);
            bar.setExtraMessage(what);
            return;
        }
        long tenths = total == 0 ? 10 : 10 * done / total;
        if (!quiet && tenths > shownTenths) {
            shownTenths = tenths;
            err.println("cleave: " + name + ", " + 10 * tenths + " %");
        }
    }

    @Override
    public void note(String text) {
        if (!quiet) {
            err.println("cleave: note: " + text);
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
