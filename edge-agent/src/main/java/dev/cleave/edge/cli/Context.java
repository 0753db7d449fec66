package dev.cleave.edge.cli;

import dev.cleave.edge.config.CleaveHome;
import dev.cleave.edge.config.Settings;
import dev.cleave.edge.process.Interrupts;
import java.io.InputStream;
import java.io.PrintStream;

/**
 * What a command works with besides its options.
 *
 * @param main the class whose {@code main} runs the program
 * @param home where files are
 * @param settings environment and file of settings
 * @param in standard input
 * @param out standard output: what was asked for
 * @param err standard error: everything else
 * @param interrupts Ctrl-C and its relatives
 * @param debug whether failures are shown with their stack traces
 */
public record Context(
        Class<?> main,
        CleaveHome home,
        Settings settings,
        InputStream in,
        PrintStream out,
        PrintStream err,
        Interrupts interrupts,
        boolean debug) {
    /** Shows where a failure comes from, for whoever debugs. */
    public void trace(Throwable failure) {
        if (debug) {
            failure.printStackTrace(err);
        }
    }
}
