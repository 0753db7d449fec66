package dev.cleave.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The packaged service as a process of its own; what it writes to standard error is kept. */
final class ServiceProcess implements AutoCloseable {
    private static final long LIMIT_SECONDS = 120;
    private static final Path SERVICE =
            Path.of(System.getProperty("cleave.root"), "cloud-service/target/quarkus-app/quarkus-run.jar");

    private final Process process;
    private final Path err;

    private ServiceProcess(Process process, Path err) {
        this.process = process;
        this.err = err;
    }

    /**
     * Starts it at free ports.
     *
     * @param folder that receives what it writes
     * @param settings {@code KEY=VALUE}; they go before the free ports
     */
    static ServiceProcess start(Path folder, List<String> settings, Map<String, String> environment)
            throws IOException {
        Path err = folder.resolve("err");
        ProcessBuilder builder = new ProcessBuilder();
        builder.command()
                .add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // The last of one key counts.
        builder.command().addAll(List.of("-Xmx256m", "-Dcleave.broker.port=0", "-Dquarkus.http.port=0"));
        settings.forEach(setting -> builder.command().add("-D" + setting));
        builder.command().addAll(List.of("-jar", SERVICE.toString()));
        builder.environment().keySet().removeIf(name -> name.startsWith("CLEAVE_") || name.startsWith("QUARKUS_"));
        builder.environment().put("CLEAVE_HOME", folder.toString());
        builder.environment().putAll(environment);
        builder.redirectError(err.toFile()).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        return new ServiceProcess(builder.start(), err);
    }

    /** Waits for a file that the service writes. */
    void await(Path file) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (!Files.exists(file)) {
            assertThat(process.isAlive() && System.nanoTime() < end).as(said()).isTrue();
            Thread.sleep(20);
        }
    }

    /** Asks it to stop, as SIGTERM does. */
    void stop() {
        process.destroy();
    }

    /** Waits for its end and returns its exit code. */
    int code() throws IOException, InterruptedException {
        assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).as(said()).isTrue();
        return process.exitValue();
    }

    /** Returns what it has written to standard error. */
    String said() throws IOException {
        return Files.readString(err, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
