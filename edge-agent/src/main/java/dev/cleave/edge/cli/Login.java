package dev.cleave.edge.cli;

import dev.cleave.edge.CliException;
import dev.cleave.edge.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Options of the login at the broker. A password never stands on a command line, where everybody on the machine reads it. */
public final class Login {
    private static final String PASSWORD_VARIABLE = "CLEAVE_PASSWORD";

    @Option(names = "--user", paramLabel = "NAME", description = "Login at the broker.")
    private String user;

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "File whose first line is the password; or set " + PASSWORD_VARIABLE + ".")
    private Path passwordFile;

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

    /** Returns the login as the cloud service takes it from its environment. */
    public Map<String, String> environment() {
        Map<String, String> variables = new LinkedHashMap<>();
        user().ifPresent(name -> {
            variables.put("CLEAVE_BROKER_USER", name);
            text().ifPresent(secret -> variables.put("CLEAVE_BROKER_PASSWORD", secret));
        });
        return variables;
    }

    /** Returns the login as options of this program; the password's variable passes on by itself. */
    public List<String> options() {
        List<String> options = new ArrayList<>();
        user().ifPresent(name -> options.addAll(List.of("--user", name)));
        if (passwordFile != null) {
            options.addAll(List.of("--password-file", passwordFile.toString()));
        }
        return options;
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
