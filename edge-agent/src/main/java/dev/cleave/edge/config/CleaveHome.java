package dev.cleave.edge.config;

import dev.cleave.edge.CliException;
import dev.cleave.edge.ExitCode;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where the program keeps its state, and where it is installed.
 *
 * @param folder {@code CLEAVE_HOME}, by default {@code ~/.cleave}
 * @param install root of the repository, as the launcher states it; empty where it was not used
 */
public record CleaveHome(Path folder, Optional<Path> install) {
    /** Names the folder of the installation, a system property. */
    public static final String INSTALL_PROPERTY = "cleave.install";

    /** Returns the folders of this process. */
    public static CleaveHome of(Map<String, String> environment) {
        String home = environment.getOrDefault("CLEAVE_HOME", "");
        try {
            Path folder = home.isEmpty() ? Path.of(System.getProperty("user.home"), ".cleave") : Path.of(home);
            return new CleaveHome(
                    folder.toAbsolutePath().normalize(),
                    Optional.ofNullable(System.getProperty(INSTALL_PROPERTY)).map(Path::of));
        } catch (InvalidPathException e) {
            throw new CliException(ExitCode.USAGE, "CLEAVE_HOME '" + home + "' is not a path: " + e.getReason());
        }
    }

    /** Returns where bundles lie that are known by name. */
    public Path models() {
        return folder.resolve("models");
    }

    /** Returns the file of settings that is read unless another is named. */
    public Path settings() {
        return folder.resolve("cleave.properties");
    }

    /** Returns the folder of files that live as long as a process. */
    public Path run() {
        return folder.resolve("run");
    }
}
