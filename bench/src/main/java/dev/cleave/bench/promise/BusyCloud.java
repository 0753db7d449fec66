package dev.cleave.bench.promise;

import dev.cleave.bench.emulation.SlowedEngine;
import dev.cleave.cloud.broker.EmbeddedBroker;
import dev.cleave.cloud.worker.ModelWorker;
import dev.cleave.cloud.worker.WorkerMetrics;
import dev.cleave.cloud.worker.WorkerSettings;
import dev.cleave.model.EngineOptions;
import dev.cleave.model.EngineProvider;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.transport.BrokerOptions;
import dev.cleave.transport.Timeouts;
import dev.cleave.transport.worker.WorkerLink;
import dev.cleave.transport.worker.WorkerOptions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A broker and a worker, in a process of its own, whose segments take c times as long: what one session has of a cloud that c
 * sessions share in equal parts. It ends with whoever started it.
 */
final class BusyCloud implements AutoCloseable {
    private static final int SESSIONS = 4;
    private static final int LONGEST = 4096;
    private static final long KV_BYTES = 4L << 30;
    private static final Duration IDLE = Duration.ofMinutes(20);

    /** Held, because loggers are forgotten otherwise: the broker's audit writes some lines for every message. */
    private static final Logger AUDIT = Logger.getLogger("org.apache.activemq.audit");

    private final Process process;
    private final URI broker;

    private BusyCloud(Process process, URI broker) {
        this.process = process;
        this.broker = broker;
    }

    static BusyCloud start(Path bundle, double load) throws IOException {
        Process process = new ProcessBuilder(List.of(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        BusyCloud.class.getName(),
                        bundle.toString(),
                        Double.toString(load)))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String address = output.readLine();
        if (address == null) {
            process.destroyForcibly();
            throw new IOException("the emulated cloud did not start");
        }
        return new BusyCloud(process, URI.create(address));
    }

    URI broker() {
        return broker;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    /** Serves the bundle of the first argument, c times slower as the second says. */
    public static void main(String[] args) throws Exception {
        AUDIT.setLevel(Level.OFF);
        Bundle bundle = Bundle.open(Path.of(args[0]));
        ExecutorService executor = Executors.newSingleThreadExecutor();
        WorkerSettings settings = new WorkerSettings("busy", SESSIONS, KV_BYTES, LONGEST, 1, IDLE);
        WorkerOptions options =
                new WorkerOptions("busy", bundle.modelHash(), SESSIONS, (int) IDLE.toMillis(), Timeouts.DEFAULT);
        try (EmbeddedBroker broker = EmbeddedBroker.start("127.0.0.1", 0, Optional.empty());
                SlowedEngine engine = new SlowedEngine(
                        EngineProvider.find()
                                .create(EngineOptions.DEFAULT.withThreads(1).withKeepWeights(true)),
                        Double.parseDouble(args[1]));
                WorkerLink link = WorkerLink.start(
                        BrokerOptions.of(broker.uri().toString()),
                        options,
                        new ModelWorker(
                                bundle, engine, settings, new WorkerMetrics(new SimpleMeterRegistry(), bundle.name())),
                        executor)) {
            System.out.println(broker.uri());
            // Until whoever started it is gone.
            while (System.in.read() >= 0 && link.connected()) {
                continue;
            }
        } finally {
            executor.shutdownNow();
        }
        System.exit(0);
    }
}
