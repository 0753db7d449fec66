package dev.cleave.edge.cli;

import dev.cleave.edge.CliException;
import dev.cleave.edge.ExitCode;
import dev.cleave.edge.config.CleaveHome;
import dev.cleave.transport.BrokerOptions;
import dev.cleave.transport.PartyNames;
import dev.cleave.transport.Timeouts;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options that say how the cloud is reached. */
public final class LinkOptions {
    private static final String DEFAULT_BROKER = "tcp://127.0.0.1:1883";

    @Option(
            names = {"-b", "--broker"},
            paramLabel = "URI",
            description = "The MQTT 5 broker, tcp://host:port or ssl://host:port (default: " + DEFAULT_BROKER
                    + "; demo starts one of its own).")
    public String broker;

    @Mixin
    public Login login;

    @Option(
            names = "--device",
            paramLabel = "NAME",
            description =
                    "This device's name, [A-Za-z0-9_-], at most 16 characters, unique at the broker (default: made"
                            + " of an id kept in CLEAVE_HOME and a random end).")
    public String device;

    @Option(
            names = "--connect-timeout",
            paramLabel = "TIME",
            defaultValue = "5s",
            converter = Converters.Time.class,
            description = "Wait for the broker, such as 500ms, 5s or 2m (default: ${DEFAULT-VALUE}).")
    public Duration connectTimeout;

    @Option(
            names = "--open-timeout",
            paramLabel = "TIME",
            defaultValue = "10s",
            converter = Converters.Time.class,
            description = "Wait for a worker (default: ${DEFAULT-VALUE}).")
    public Duration openTimeout;

    @Option(
            names = "--step-timeout",
            paramLabel = "TIME",
            defaultValue = "30s",
            converter = Converters.Time.class,
            description = "Wait for a step's answer (default: ${DEFAULT-VALUE}).")
    public Duration stepTimeout;

    /** Returns whether a broker was named. */
    public boolean brokerNamed() {
        return broker != null;
    }

    /** Returns the broker that was named, or that of the default. */
    public BrokerOptions brokerOptions() {
        if (broker != null && login.tlsAsked() && !broker.startsWith("ssl:")) {
            throw new CliException(
                    ExitCode.USAGE,
                    "--trust, --certificate and --key are for TLS, and --broker '" + broker
                            + "' does without; its address must begin with ssl://");
        }
        return brokerOptions(broker == null ? DEFAULT_BROKER : broker);
    }

    /** Returns the options for a broker at another address. */
    public BrokerOptions brokerOptions(String address) {
        try {
            return new BrokerOptions(new URI(address), login.user(), login.password(), login.security());
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw new CliException(
                    ExitCode.USAGE,
                    "--broker '" + address + "' is not tcp://host:port or ssl://host:port; a login goes to --user and"
                            + " --password-file");
        }
    }

    public Timeouts timeouts() {
        return new Timeouts(
                connectTimeout, openTimeout, stepTimeout, Timeouts.DEFAULT.close(), Timeouts.DEFAULT.keepAlive());
    }

    /** Returns the device's name: the one that was given, or one of the installation and this process. */
    public String deviceName(CleaveHome home) {
        String name = device == null ? PartyNames.of("edge", Optional.of(home.folder())) : device;
        if (!name.matches("[A-Za-z0-9_-]{1,16}")) {
            throw new CliException(
                    ExitCode.USAGE,
                    "--device '" + name
                            + "' must be 1 to 16 characters of A-Z, a-z, 0-9, _ and -: it stands in topics");
        }
        return name;
    }
}
