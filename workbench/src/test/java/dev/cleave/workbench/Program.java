package dev.cleave.workbench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** The packaged program as a process of its own, with a folder of state of its own. */
final class Program implements AutoCloseable {
    static final Path ROOT = Path.of(System.getProperty("cleave.root"));
    static final String PROMPT = "Turn on the kitchen light in half an hour";
    static final String ANSWER = "{\"action\":\"on\",\"device\":\"light\",\"room\":\"kitchen\",\"delay_min\":30}";

    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final Path JAR = ROOT.resolve("workbench/target/cleave-workbench.jar");

    private final Process process;
    private final Path folder;

    private Program(Process process, Path folder) {
        this.process = process;
        this.folder = folder;
    }

    static Program start(Path home, String... arguments) {
        return start(home, Map.of(), arguments);
    }

    static Program start(Path home, Map<String, String> environment, String... arguments) {
        return launch(home, environment, "", arguments);
    }

    /** Starts it from a shell that first runs a command, such as {@code ulimit -f 100}. */
    static Program startAfter(String shell, Path home, String... arguments) {
        return launch(home, Map.of(), shell + " && ", arguments);
    }

    private static Program launch(Path home, Map<String, String> environment, String shell, String... arguments) {
        List<String> command = new ArrayList<>(List.of("bash", "-c", shell + "exec \"$0\" \"$@\""));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-Xmx256m", "-XX:TieredStopAtLevel=1"));
        command.add("-Dcleave.install=" + ROOT);
        command.addAll(List.of("-jar", JAR.toString()));
        command.addAll(List.of(arguments));
        return process(home, environment, command);
    }

    /** Starts it by the launcher, with the options that it gives the virtual machine. */
    static Program byLauncher(Path home, String... arguments) {
        try {
            // A clone of which nothing but the program is there, freshly built: so the launcher builds nothing.
            Path target = Files.createDirectories(home.resolve("clone/workbench/target"));
            Path launcher = home.resolve("clone/cleave");
            if (!Files.exists(launcher)) {
                Files.copy(ROOT.resolve("cleave"), launcher, StandardCopyOption.COPY_ATTRIBUTES);
                Files.createSymbolicLink(target.resolve(JAR.getFileName()), JAR);
                Files.createSymbolicLink(target.resolve("lib"), JAR.resolveSibling("lib"));
                Files.createFile(target.resolve("cleave.built"));
            }
            List<String> command = new ArrayList<>(List.of(launcher.toString()));
            command.addAll(List.of(arguments));
            return process(home, Map.of("CLEAVE_BUILD", "never"), command);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Program process(Path home, Map<String, String> environment, List<String> command) {
        try {
            Path folder = Files.createTempDirectory(Files.createDirectories(Path.of("target", "programs")), "program-");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectOutput(folder.resolve("out").toFile())
                    .redirectError(folder.resolve("err").toFile());
            builder.environment().keySet().removeIf(name -> name.startsWith("CLEAVE_"));
            builder.environment().put("CLEAVE_HOME", home.toString());
            builder.environment().putAll(environment);
            return new Program(builder.start(), folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for its end and returns its exit status. */
    int await() {
        try {
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("still running after " + LIMIT + "; out=" + out() + " err=" + err());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Waits until something holds, or the program has ended. */
    void until(BooleanSupplier condition) {
        until(condition, () -> !process.isAlive());
    }

    static void until(BooleanSupplier condition, BooleanSupplier orElse) {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean() && !orElse.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("did not come within " + LIMIT);
            }
            sleep(10);
        }
    }

    static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Sends a signal, such as INT. */
    void signal(String name) {
        signal(name, process.pid());
    }

    static void signal(String name, long pid) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Types lines, without ending the input. */
    void type(String text) {
        try {
            process.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void endInput() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String out() {
        return read("out");
    }

    String err() {
        return read("err");
    }

    private String read(String name) {
        try {
            return new String(Files.readAllBytes(folder.resolve(name)), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the processes, this one excepted, whose command lines name a folder. */
    static List<ProcessHandle> naming(Path folder) {
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            return all.filter(handle -> handle.info()
                            .commandLine()
                            .filter(line -> line.contains(folder.toString()))
                            .isPresent())
                    .filter(handle -> handle.pid() != ProcessHandle.current().pid())
                    .toList();
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
