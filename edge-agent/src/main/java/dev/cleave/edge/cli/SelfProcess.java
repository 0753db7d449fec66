package dev.cleave.edge.cli;

import dev.cleave.edge.CliException;
import dev.cleave.edge.ExitCode;
import dev.cleave.edge.process.ChildEnvironment;
import dev.cleave.edge.process.ChildProcess;
import dev.cleave.edge.process.Terminals;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** This program once more, as a process of its own: what it needs at its peak must not be counted as the device's. */
public final class SelfProcess {
    private final Context context;

    public SelfProcess(Context context) {
        this.context = context;
    }

    /**
     * Runs a command and waits for its end; what it says on standard error is shown.
     *
     * @param machine options of the virtual machine
     * @param what a message calls that which failed
     * @throws CliException with the command's exit code where it fails
     */
    public void run(List<String> machine, List<String> arguments, String what) throws InterruptedException {
        List<String> command = new ArrayList<>(machine);
        command.add("-XX:+UseSerialGC");
        command.add("-D" + Terminals.PROPERTY + "=" + System.getProperty(Terminals.PROPERTY, ""));
        command.addAll(List.of(
                "-cp", System.getProperty("java.class.path"), context.main().getName()));
        command.addAll(arguments);
        Map<String, String> environment = ChildEnvironment.ofSelf(
                context.settings().environment(),
                context.home(),
                context.settings().path(),
                arguments.contains("--user"));
        ProcessBuilder builder = new ProcessBuilder()
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        try (ChildProcess child = ChildProcess.start(command, environment, builder, context.interrupts())) {
            int status = child.await();
            if (status != 0) {
                throw new CliException(
                        ExitCode.of(status).orElse(ExitCode.INTERNAL), what + " failed; the reason stands above");
            }
        } catch (IOException e) {
            throw new CliException(ExitCode.INTERNAL, what + " cannot be started: " + e);
        }
    }
}
