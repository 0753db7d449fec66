package dev.cleave.workbench.command;

import dev.cleave.edge.CliException;
import dev.cleave.edge.ExitCode;
import dev.cleave.edge.cli.Context;
import dev.cleave.edge.cli.Login;
import dev.cleave.edge.cli.Models;
import dev.cleave.edge.config.ServiceSettings;
import dev.cleave.edge.process.ChildEnvironment;
import dev.cleave.edge.process.ChildProcess;
import dev.cleave.workbench.cloud.CloudProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private static final String MODEL = "hearth-5m";
    private static final String BUNDLE = "cleave.bundle";

    private final Context context;

    @Option(
            names = {"-m", "--model"},
            paramLabel = "MODEL",
            description =
                    "Name of a prepared model, or the folder of one (default: cleave.bundle, else " + MODEL + ").")
    private String model;

    @Option(
            names = {"-b", "--broker"},
            paramLabel = "URI",
            description = "The MQTT 5 broker, tcp://host:port or ssl://host:port (default: an embedded one).")
    private String broker;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Port of the embedded broker on this machine; 0 for any (default: 1883).")
    private Integer port;

    @Option(
            names = "--http-port",
            paramLabel = "PORT",
            description = "Port of health and metrics on this machine; 0 for any (default: 8080).")
    private Integer httpPort;

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
        List<String> arguments = new ArrayList<>(CloudProcess.MACHINE);
        Map<String, String> secrets = new LinkedHashMap<>(login.environment());
        options().forEach((key, value) -> {
            if (ServiceSettings.isSecret(key)) {
                secrets.put(ServiceSettings.variable(key), value);
            } else {
                arguments.add("-D" + key + "=" + value);
            }
        });
        arguments.addAll(List.of("-jar", CloudProcess.jar(context.home()).toString()));
        try (ChildProcess child = start(arguments, secrets)) {
            return child.await();
        }
    }

    private ChildProcess start(List<String> arguments, Map<String, String> secrets) {
        Map<String, String> environment = ChildEnvironment.ofService(
                context.settings().environment(), context.settings().service(), secrets);
        try {
            return ChildProcess.start(arguments, environment, new ProcessBuilder().inheritIO(), context.interrupts());
        } catch (IOException e) {
            throw new CliException(ExitCode.CLOUD_FAILED, "the cloud service cannot be started: " + e);
        }
    }

    /** Only what the command line says: it goes before what the service finds in its environment. */
    private Map<String, String> options() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("cleave.exit-with-parent", "true");
        bundle().ifPresent(folder -> all.put(BUNDLE, folder));
        put(all, "cleave.broker.port", port);
        put(all, "quarkus.http.port", httpPort);
        put(all, "cleave.broker.url", broker);
        put(all, "cleave.worker.name", worker);
        put(all, "cleave.worker.max-sessions", maxSessions);
        put(all, "cleave.ready-file", readyFile == null ? null : readyFile.toAbsolutePath());
        all.putAll(settings);
        return all;
    }

    /** The service has its own word for the model: the folder. */
    private Optional<String> bundle() {
        boolean said = settings.containsKey(BUNDLE)
                || context.settings().service(BUNDLE).isPresent();
        return model == null && said
                ? Optional.empty()
                : Optional.of(Models.open(context.home(), model == null ? MODEL : model)
                        .folder()
                        .toAbsolutePath()
                        .toString());
    }

    private static void put(Map<String, String> settings, String key, Object value) {
        if (value != null) {
            settings.put(key, value.toString());
        }
    }
}
