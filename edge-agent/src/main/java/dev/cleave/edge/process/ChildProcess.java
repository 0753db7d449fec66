package dev.cleave.edge.process;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A virtual machine that this process has started and that does not outlive it: its standard input is a pipe from here, the
 * end of which tells it to go, even where this process is killed.
 */
public final class ChildProcess implements AutoCloseable {
    private static final Duration ORDERLY = Duration.ofSeconds(8);
    private static final Duration FORCED = Duration.ofSeconds(5);

    private final Process process;

    private ChildProcess(Process process) {
        this.process = process;
    }

    /**
     * Starts one.
     *
     * @param arguments of {@code java}
     * @param environment all of it, as {@link ChildEnvironment} makes it
     * @param builder receives the redirections
     */
    public static ChildProcess start(
            List<String> arguments, Map<String, String> environment, ProcessBuilder builder, Interrupts interrupts)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse(System.getProperty("java.home") + "/bin/java"));
        command.addAll(arguments);
        builder.command(command);
        builder.redirectInput(ProcessBuilder.Redirect.PIPE);
        builder.environment().clear();
        builder.environment().putAll(environment);
        ChildProcess child = new ChildProcess(builder.start());
        interrupts.lastResort(child.process::destroyForcibly);
        return child;
    }

    /** Returns its process id. */
    public long pid() {
        return process.pid();
    }

    /** Returns whether it runs. */
    public boolean alive() {
        return process.isAlive();
    }

    /**
     * Waits until it ends: a service has no time limit, and whoever waits is interrupted by Ctrl-C.
     *
     * @return its exit status
     */
    public int await() throws InterruptedException {
        return process.waitFor();
    }

    /** Returns its exit status, once it has ended. */
    public int exitStatus() {
        return process.exitValue();
    }

    /** Asks it to end, waits, and ends it by force where it does not. */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted();
        process.destroy();
        try {
            if (!process.waitFor(ORDERLY.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                process.waitFor(FORCED.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
