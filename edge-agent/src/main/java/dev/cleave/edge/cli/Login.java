package dev.cleave.edge.cli;

import dev.cleave.edge.CliException;
import dev.cleave.edge.ExitCode;
import dev.cleave.transport.BrokerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Options that say who a client is to the broker and which broker it trusts. A password never stands on a command line, where everybody on the machine reads it. */
public final class Login {
    private static final String PASSWORD_VARIABLE = "CLEAVE_PASSWORD";

    @Option(names = "--user", paramLabel = "NAME", description = "Login at the broker.")
    private String user;

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "File whose first line is the password; or set " + PASSWORD_VARIABLE + ".")
    private Path passwordFile;

    @Option(
            names = "--trust",
            paramLabel = "FILE",
            description =
                    "Certificates that an ssl:// broker's must lead to: a PEM file with one or several, or a key store"
                            + " without a password (default: those of the Java runtime).")
    private Path trust;

    @Option(
            names = "--certificate",
            paramLabel = "FILE",
            description = "PEM file of the certificate by which an ssl:// broker knows this client.")
    private Path certificate;

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description =
                    "PEM file of the certificate's private key, without a passphrase (default: beside the certificate).")
    private Path key;

    /** Returns the login, where one was given. */
    public Optional<String> user() {
        if (user == null && passwordFile != null) {
            throw new CliException(ExitCode.USAGE, "--password-file needs --user as well");
        }
        return Optional.ofNullable(user);
    }

    /** Returns the password, where there is a user. */
    public Optional<char[]> password() {
        return user().isPresent() ? text().map(String::toCharArray) : Optional.empty();
    }

    /** Returns whether anything was said that only TLS heeds. */
    boolean tlsAsked() {
        return trust != null || certificate != null || key != null;
    }

    /** Returns whom a TLS connection trusts, and how it says who it is. */
    BrokerOptions.Security security() {
        if (key != null && certificate == null) {
            throw new CliException(
                    ExitCode.USAGE, "--key needs --certificate, the certificate that it belongs to, as well");
        }
        return new BrokerOptions.Security(
                Optional.ofNullable(trust), Optional.ofNullable(certificate), Optional.ofNullable(key), false);
    }

    /** Returns the login as the cloud service takes it from its environment. */
    public Map<String, String> environment() {
        Map<String, String> variables = new LinkedHashMap<>();
        user().ifPresent(name -> {
            variables.put("CLEAVE_BROKER_USER", name);
            text().ifPresent(secret -> variables.put("CLEAVE_BROKER_PASSWORD", secret));
        });
        files().forEach((option, file) -> variables.put(
                "CLEAVE_BROKER_" + option.toUpperCase(Locale.ROOT),
                file.toAbsolutePath().toString()));
        return variables;
    }

    /** Returns the login as options of this program; the password's variable passes on by itself. */
    public List<String> options() {
        List<String> options = new ArrayList<>();
        user().ifPresent(name -> options.addAll(List.of("--user", name)));
        if (passwordFile != null) {
            options.addAll(List.of("--password-file", passwordFile.toString()));
        }
        files().forEach((option, file) -> options.addAll(List.of("--" + option, file.toString())));
        return options;
    }

    private Map<String, Path> files() {
        Map<String, Path> files = new LinkedHashMap<>();
        files.put("trust", trust);
        files.put("certificate", certificate);
        files.put("key", key);
        files.values().removeIf(Objects::isNull);
        return files;
    }

    private Optional<String> text() {
        if (passwordFile == null) {
            return Optional.ofNullable(System.getenv(PASSWORD_VARIABLE));
        }
        try (Stream<String> lines = Files.lines(passwordFile)) {
            return lines.findFirst();
        } catch (IOException e) {
            throw new CliException(ExitCode.USAGE, "the password file " + passwordFile + " cannot be read: " + e);
        }
    }
}
