package dev.cleave.edge.cli;

import dev.cleave.edge.CliException;
import dev.cleave.edge.ExitCode;
import dev.cleave.edge.Failure;
import dev.cleave.edge.Logging;
import dev.cleave.edge.config.CleaveHome;
import dev.cleave.edge.config.Settings;
import dev.cleave.edge.process.Interrupts;
import dev.cleave.edge.report.ReportJson;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/** A program of commands: options that all share, settings from the environment and a file, failures as exit codes. */
public final class Program {
    private static final String DEBUG = "--debug";

    private final String name;
    private final Class<?> main;
    private final Function<Context, List<Object>> commands;

    /**
     * Creates a program.
     *
     * @param name as its users type it
     * @param main the class whose {@code main} runs it
     * @param commands its commands, annotated for picocli
     */
    public Program(String name, Class<?> main, Function<Context, List<Object>> commands) {
        this.name = name;
        this.main = main;
        this.commands = commands;
    }

    /** The standard streams. */
    public record Streams(InputStream in, PrintStream out, PrintStream err) {}

    /** What all commands share. */
    @Command(
            mixinStandardHelpOptions = true,
            description = "One language model on two machines: the first layers here, the rest in the cloud.",
            subcommands = HelpCommand.class,
            footer = {
                "",
                "Every option may also stand in the environment, --front-bits as CLEAVE_FRONT_BITS, or in",
                "CLEAVE_HOME/cleave.properties, as front-bits. CLEAVE_HOME is ~/.cleave unless it is set."
            })
    private static final class Shared {
        @Option(
                names = "--config",
                paramLabel = "FILE",
                scope = ScopeType.INHERIT,
                description = "File of settings, lines of key=value (default: CLEAVE_HOME/cleave.properties).")
        private Path config;

        @Option(
                names = DEBUG,
                scope = ScopeType.INHERIT,
                description = "Log what happens, and show where failures come from.")
        private boolean debug;
    }

    /** Runs the program in this process and ends the process. */
    public void runAndExit(String[] args) {
        PrintStream out = stream(FileDescriptor.out);
        PrintStream err = stream(FileDescriptor.err);
        Interrupts interrupts = Interrupts.install();
        int code = run(args, System.getenv(), new Streams(System.in, out, err), interrupts);
        out.flush();
        err.flush();
        System.exit(code);
    }

    /** Runs the program and returns its exit status. */
    public int run(String[] args, Map<String, String> environment, Streams streams, Interrupts interrupts) {
        boolean debug = Arrays.asList(args).contains(DEBUG) || "true".equals(environment.get("CLEAVE_DEBUG"));
        boolean json = Arrays.asList(args).contains("--json") || "true".equals(environment.get("CLEAVE_JSON"));
        Logging.configure(debug);
        try {
            CleaveHome home = CleaveHome.of(environment);
            Settings settings = Settings.load(args, environment, home);
            Context context =
                    new Context(main, home, settings, streams.in(), streams.out(), streams.err(), interrupts, debug);
            CommandLine command = commandLine(context);
            settings.check(command);
            settings.unknownVariables(command)
                    .forEach(variable -> streams.err()
                            .println("cleave: " + variable
                                    + " is no setting and changes nothing; --help lists the options"));
            command.setDefaultValueProvider(settings);
            command.setParameterExceptionHandler((e, rest) -> usage(e, streams, json));
            command.setExecutionExceptionHandler((e, line, result) -> {
                context.trace(e);
                return failed(e, streams, interrupts, json);
            });
            return command.execute(args);
        } catch (CliException | OutOfMemoryError e) {
            return failed(e, streams, interrupts, json);
        }
    }

    private CommandLine commandLine(Context context) {
        CommandLine command = new CommandLine(new Shared()).setCommandName(name);
        command.getCommandSpec().versionProvider(new Version(name, main));
        for (Object sub : commands.apply(context)) {
            CommandLine line = new CommandLine(sub);
            line.getCommandSpec().mixinStandardHelpOptions(true);
            command.addSubcommand(line);
        }
        return command.setOut(new PrintWriter(context.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(context.err(), true, StandardCharsets.UTF_8));
    }

    private static int usage(ParameterException e, Streams streams, boolean json) {
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        String message = e.getCause() instanceof CliException cause ? cause.getMessage() : e.getMessage();
        return print(
                new Failure(ExitCode.USAGE, message + "; " + command + " --help lists the options"), streams, json);
    }

    private static int failed(Throwable e, Streams streams, Interrupts interrupts, boolean json) {
        Optional<ExitCode> signal = interrupts.reason();
        Failure failure =
                signal.map(code -> new Failure(code, "ended by a signal")).orElseGet(() -> Failure.of(e));
        return print(failure, streams, json);
    }

    private static int print(Failure failure, Streams streams, boolean json) {
        streams.err().println("cleave: " + failure.message());
        if (json) {
            streams.out().print(ReportJson.of(failure));
        }
        return failure.code().number();
    }

    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), false, StandardCharsets.UTF_8);
    }
}
