package dev.cleave.bench.memory;

import dev.cleave.model.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** {@code ./cleave cloud} as a process of its own, on free ports. */
final class CloudService implements AutoCloseable {
    private static final int START_SECONDS = 120;
    private static final int STOP_SECONDS = 30;

    private final Process process;
    private final String broker;

    private CloudService(Process process, String broker) {
        this.process = process;
        this.broker = broker;
    }

    static CloudService start(Path bundle, Path work) throws IOException, InterruptedException {
        Path ready = work.resolve("ready.json");
        Path log = work.resolve("cloud.log");
        Files.deleteIfExists(ready);
        Process process = new ProcessBuilder(
                        "./cleave",
                        "cloud",
                        "--model",
                        bundle.toString(),
                        "--port=0",
                        "--http-port=0",
                        "--worker=memory",
                        "--ready-file=" + ready)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (!Files.exists(ready)) {
            if (!process.isAlive() || System.nanoTime() > end) {
                process.destroy();
                throw new IllegalStateException("the cloud service did not start: " + Files.readString(log));
            }
            Thread.sleep(50);
        }
        return new CloudService(process, Json.readObject(ready, 1 << 16).string("brokerUri"));
    }

    String broker() {
        return broker;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }
}
