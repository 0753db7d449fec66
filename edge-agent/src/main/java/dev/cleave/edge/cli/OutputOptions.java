package dev.cleave.edge.cli;

import picocli.CommandLine.Option;

/** Options that say what is printed. */
public final class OutputOptions {
    @Option(names = "--json", description = "Print one JSON object on stdout, and everything else on stderr.")
    public boolean json;

    @Option(
            names = {"-q", "--quiet"},
            description = "Print the answer, or the JSON object, and nothing else.")
    public boolean quiet;

    /** Says what goes on, on standard error, to whoever wants to know. */
    public void note(Context context, String text) {
        if (!quiet) {
            context.err().println("cleave: " + text);
        }
    }
}
