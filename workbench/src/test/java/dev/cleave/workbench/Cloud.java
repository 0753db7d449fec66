package dev.cleave.workbench;

import dev.cleave.model.json.Json;
import dev.cleave.model.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A cloud service that {@code cleave cloud} runs. */
final class Cloud implements AutoCloseable {
    private final Program program;
    private final JsonObject ready;

    private Cloud(Program program, JsonObject ready) {
        this.program = program;
        this.ready = ready;
    }

    static Cloud start(Path home, Map<String, String> environment, String... more) {
        Path file = home.resolve("ready-" + System.nanoTime() + ".json");
        List<String> arguments =
                new ArrayList<>(List.of("cloud", "--port=0", "--http-port=0", "--worker=w1", "--ready-file=" + file));
        if (Arrays.stream(more).noneMatch(argument -> argument.contains("cleave.worker.profile"))) {
            // It would take part of the processor, and memory, in the first seconds.
            arguments.add("-Dcleave.worker.profile=false");
        }
        arguments.addAll(List.of(more));
        Program program = Program.start(home, environment, arguments.toArray(String[]::new));
        program.until(() -> Files.exists(file));
        if (!Files.exists(file)) {
            throw new AssertionError("the cloud service ended: " + program.err());
        }
        return new Cloud(program, Json.readObject(file, 1 << 16));
    }

    /** Returns the option that names its broker. */
    String broker() {
        return "--broker=" + brokerUri();
    }

    /** Returns the address of its broker. */
    String brokerUri() {
        return ready.string("brokerUri");
    }

    /** Asks it over HTTP. */
    HttpResponse<String> get(String path) {
        URI address = URI.create("http://127.0.0.1:" + ready.integer("httpPort", 1, 65535) + path);
        try {
            HttpRequest request = HttpRequest.newBuilder(address)
                    .timeout(Duration.ofSeconds(20))
                    .build();
            return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns one of its metrics, in the text form of Prometheus, summed over labels. */
    double metric(String name) {
        String body = get("/q/metrics").body();
        List<Double> values = body.lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .map(line -> Double.valueOf(line.substring(line.lastIndexOf(' ') + 1)))
                .toList();
        if (values.isEmpty()) {
            throw new AssertionError("no metric " + name + " in\n" + body);
        }
        return values.stream().mapToDouble(Double::doubleValue).sum();
    }

    /** Returns the service's resident set, bytes. */
    long resident() {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(pid()), "status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                    .findAny()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the process id of the service itself. */
    long pid() {
        return ready.integer("pid", 1, Long.MAX_VALUE);
    }

    /** Ends the service as a power cut would. */
    void kill() {
        Program.signal("KILL", pid());
    }

    Program program() {
        return program;
    }

    @Override
    public void close() {
        program.signal("TERM");
        program.await();
        program.close();
    }
}
