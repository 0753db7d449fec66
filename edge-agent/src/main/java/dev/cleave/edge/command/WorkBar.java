package dev.cleave.edge.command;

import dev.cleave.edge.process.Terminals;
import dev.cleave.model.bundle.PreparationProgress;
import java.io.PrintStream;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Shows how far a preparation is: a bar on a terminal, otherwise a line for each tenth. */
final class PreparationBar implements PreparationProgress, AutoCloseable {
    private static final long MIB = 1 << 20;

    private final PrintStream err;
    private final String name;
    private final boolean quiet;
    private final ProgressBar bar;
    private long shownTenths;

    private PreparationBar(PrintStream err, String name, boolean quiet, ProgressBar bar) {
        this.err = err;
        this.name = name;
        this.quiet = quiet;
        this.bar = bar;
    }

    static PreparationBar of(PrintStream err, String name, boolean quiet) {
        ProgressBar bar = Terminals.error() && !quiet
                ? new ProgressBarBuilder()
                        .setTaskName(name)
                        .setUnit(" MiB", MIB)
                        .setStyle(ProgressBarStyle.ASCII)
                        .setConsumer(new ConsoleProgressBarConsumer(err))
                        .build()
                : null;
        return new PreparationBar(err, name, quiet, bar);
    }

    @Override
    public void advanced(long doneBytes, long totalBytes, String what) {
        if (bar != null) {
            bar.maxHint(totalBytes);
            bar.stepTo(doneBytes);
            bar.setExtraMessage(what);
            return;
        }
        long tenths = totalBytes == 0 ? 10 : 10 * doneBytes / totalBytes;
        if (!quiet && tenths > shownTenths) {
            shownTenths = tenths;
            err.println("cleave: preparing " + name + ", " + 10 * tenths + " %");
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
