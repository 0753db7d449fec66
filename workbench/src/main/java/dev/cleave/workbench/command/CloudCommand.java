package dev.cleave.workbench.command;

import dev.cleave.edge.CliException;
import dev.cleave.edge.ExitCode;
import dev.cleave.edge.cli.Context;
import dev.cleave.edge.cli.Login;
import dev.cleave.edge.cli.Models;
import dev.cleave.edge.process.ChildProcess;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.workbench.cloud.CloudProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs the cloud service in the foreground. */
@Command(
        name = "cloud",
        description = "Serve a model: workers, health, metrics, and a broker unless one is named. Ends by Ctrl-C.",
        sortOptions = false)
public final class CloudCommand implements Callable<Integer> {
    private final Context context;

    @Option(
            names = {"-m", "--model"},
            paramLabel = "MODEL",
            defaultValue = "hearth-5m",
            description = "Name of a prepared model, or the folder of one (default: ${DEFAULT-VALUE}).")
    private String model;

    @Option(
            names = {"-b", "--broker"},
            paramLabel = "URI",
            description = "The MQTT 5 broker, tcp://host:port or ssl://host:port (default: an embedded one).")
    private String broker;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "1883",
            description = "Port of the embedded broker on this machine; 0 for any (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--http-port",
            paramLabel = "PORT",
            defaultValue = "8080",
            description = "Port of health and metrics on this machine; 0 for any (default: ${DEFAULT-VALUE}).")
    private int httpPort;

    @Mixin
    private Login login;

    @Option(names = "--worker", paramLabel = "NAME", description = "Name of the worker, unique at its broker.")
    private String worker;

    @Option(
            names = "--max-sessions",
            paramLabel = "N",
            description = "Sessions at once (default: that of the service).")
    private Integer maxSessions;

    @Option(names = "--ready-file", paramLabel = "FILE", description = "JSON file that appears when everything is up.")
    private Path readyFile;

    @Option(
            names = "-D",
            paramLabel = "KEY=VALUE",
            description = "Any other setting of the service; docs/cloud.md lists them.")
    private Map<String, String> settings = new LinkedHashMap<>();

    /** Creates the command. */
    public CloudCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        Bundle bundle = Models.open(context.home(), model);
        List<String> arguments = new ArrayList<>(CloudProcess.MACHINE);
        settings(bundle).forEach((key, value) -> arguments.add("-D" + key + "=" + value));
        arguments.addAll(List.of("-jar", CloudProcess.jar(context.home()).toString()));
        try (ChildProcess child = start(arguments)) {
            return child.await();
        }
    }

    private ChildProcess start(List<String> arguments) {
        try {
            return ChildProcess.start(
                    arguments, login.environment(), new ProcessBuilder().inheritIO(), context.interrupts());
        } catch (IOException e) {
            throw new CliException(ExitCode.CLOUD_FAILED, "the cloud service cannot be started: " + e);
        }
    }

    private Map<String, String> settings(Bundle bundle) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("cleave.bundle", bundle.folder().toAbsolutePath().toString());
        all.put("cleave.exit-with-parent", "true");
        all.put("cleave.broker.port", Integer.toString(port));
        all.put("quarkus.http.port", Integer.toString(httpPort));
        put(all, "cleave.broker.url", broker);
        put(all, "cleave.worker.name", worker);
        put(all, "cleave.worker.max-sessions", maxSessions);
        put(all, "cleave.ready-file", readyFile == null ? null : readyFile.toAbsolutePath());
        all.putAll(settings);
        return all;
    }

    private static void put(Map<String, String> settings, String key, Object value) {
        if (value != null) {
            settings.put(key, value.toString());
        }
    }
}
