package dev.cleave.workbench;

import dev.cleave.edge.config.CleaveHome;
import dev.cleave.edge.process.Interrupts;
import dev.cleave.model.json.Json;
import dev.cleave.model.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The program within the test's process. */
final class Commands {
    static final Path HEARTH = Program.ROOT.resolve("models/hearth-5m");

    private final Map<String, String> environment = new LinkedHashMap<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private byte[] input = {};

    Commands(Path home) {
        environment.put("CLEAVE_HOME", home.toString());
        System.setProperty(CleaveHome.INSTALL_PROPERTY, Program.ROOT.toString());
    }

    /** Puts the default model, prepared, into a folder of the program's own. */
    static void prepareHearth(Path home, String... options) {
        PreparedHearth.into(home, List.of(options));
    }

    Commands with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    Commands input(String text) {
        input = text.getBytes(StandardCharsets.UTF_8);
        return this;
    }

    /** Runs a command line and returns its exit status. */
    int run(String... arguments) {
        out.reset();
        err.reset();
        dev.cleave.edge.cli.Program.Streams streams =
                new dev.cleave.edge.cli.Program.Streams(new ByteArrayInputStream(input), stream(out), stream(err));
        int code = Main.PROGRAM.run(arguments, environment, streams, Interrupts.none());
        streams.out().flush();
        streams.err().flush();
        return code;
    }

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    /** Returns standard output, which is to be one JSON object. */
    JsonObject json() {
        return Json.parseObject(out.toByteArray(), "standard output");
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, false, StandardCharsets.UTF_8);
    }
}
