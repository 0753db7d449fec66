package dev.cleave.workbench.cloud;

import dev.cleave.edge.CliException;
import dev.cleave.edge.ExitCode;
import dev.cleave.edge.config.CleaveHome;
import dev.cleave.edge.process.ChildEnvironment;
import dev.cleave.edge.process.ChildProcess;
import dev.cleave.edge.process.Interrupts;
import dev.cleave.model.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A cloud service that runs as long as somebody here wants it, on ports that are free, with its log in a file. */
public final class CloudProcess implements AutoCloseable {
    /**
     * Options of the service's virtual machine. Its heap is small and resident from the start, and what the compiler frees
     * goes back to the system (where the machine knows that option): so the resident set says what sessions take.
     */
    public static final List<String> MACHINE = List.of(
            "-XX:+UseSerialGC",
            "-Xms64m",
            "-Xmn32m",
            "-XX:+AlwaysPreTouch",
            "-XX:+IgnoreUnrecognizedVMOptions",
            "-XX:TrimNativeHeapInterval=5000");

    private static final String JAR = "cloud-service/target/quarkus-app/quarkus-run.jar";
    private static final int LOG_TAIL_LINES = 20;
    private static final long POLL_MILLIS = 20;
    private static final long READY_BYTES = 1 << 16;

    private final ChildProcess child;
    private final Path folder;

    private CloudProcess(ChildProcess child, Path folder) {
        this.child = child;
        this.folder = folder;
    }

    /**
     * Returns the service's jar.
     *
     * @throws CliException with {@code CLOUD_FAILED} where it is not built
     */
    public static Path jar(CleaveHome home) {
        return home.install()
                .map(root -> root.resolve(JAR))
                .filter(Files::isRegularFile)
                .orElseThrow(() -> new CliException(
                        ExitCode.CLOUD_FAILED,
                        "the cloud service is not built: start it by ./cleave, or run mvn -B package first"));
    }

    /**
     * Starts a service; {@link #awaitReady} then waits for it.
     *
     * @param settings of the service, as {@code -Dkey=value}
     * @param environment what must not stand on a command line
     */
    public static CloudProcess start(
            CleaveHome home, List<String> settings, Map<String, String> environment, Interrupts interrupts) {
        Path jar = jar(home);
        try {
            Files.createDirectories(home.run());
            Path folder = Files.createTempDirectory(home.run(), "cloud-");
            List<String> arguments = new ArrayList<>(MACHINE);
            arguments.add("-Xmx512m");
            arguments.add("-Dcleave.ready-file=" + folder.resolve("ready.json"));
            arguments.add("-Dcleave.exit-with-parent=true");
            arguments.addAll(settings);
            arguments.addAll(List.of("-jar", jar.toString()));
            ProcessBuilder builder = new ProcessBuilder()
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("cloud.log").toFile());
            Map<String, String> all = ChildEnvironment.ofOwnService(System.getenv(), environment);
            return new CloudProcess(ChildProcess.start(arguments, all, builder, interrupts), folder);
        } catch (IOException e) {
            throw new CliException(ExitCode.CLOUD_FAILED, "the cloud service cannot be started: " + e);
        }
    }

    /**
     * Waits until the service is ready.
     *
     * @return the address of its broker
     * @throws CliException with {@code CLOUD_FAILED} and the end of its log where it ends or is not ready in time
     */
    public String awaitReady(Duration limit) throws InterruptedException {
        Path ready = folder.resolve("ready.json");
        long end = System.nanoTime() + limit.toNanos();
        while (!Files.exists(ready)) {
            if (!child.alive()) {
                throw failed("ended with exit status " + child.exitStatus() + " before it was ready");
            }
            if (System.nanoTime() - end > 0) {
                throw failed("was not ready within " + limit.toSeconds() + " s");
            }
            Thread.sleep(POLL_MILLIS);
        }
        return Json.readObject(ready, READY_BYTES).string("brokerUri");
    }

    /** Returns the end of its log. */
    public String logTail() {
        try {
            List<String> lines = Files.readAllLines(folder.resolve("cloud.log"), StandardCharsets.UTF_8);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_TAIL_LINES), lines.size()));
        } catch (IOException e) {
            return "(its log cannot be read: " + e + ")";
        }
    }

    private CliException failed(String what) {
        return new CliException(
                ExitCode.CLOUD_FAILED, "the cloud service " + what + "; its log ends with\n" + logTail());
    }

    /** Stops the service and removes its files. */
    @Override
    public void close() {
        child.close();
        for (String name : List.of("ready.json", "cloud.log", "")) {
            try {
                Files.deleteIfExists(folder.resolve(name));
            } catch (IOException e) {
                // A file that stays harms nobody.
            }
        }
    }
}
