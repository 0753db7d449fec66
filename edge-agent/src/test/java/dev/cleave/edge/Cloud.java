package dev.cleave.edge;

import dev.cleave.model.json.Json;
import dev.cleave.model.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
        return "--broker=" + ready.string("brokerUri");
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
