package dev.cleave.cloud.worker;

import dev.cleave.cloud.process.ExitCode;
import dev.cleave.cloud.process.StartFailure;
import dev.cleave.transport.PartyNames;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Optional;

/** Names of workers: unique at a broker, [A-Za-z0-9_-]{1,16}. */
public final class WorkerNames {
    private WorkerNames() {}

    /**
     * Returns the name that is asked for, or one of the host's name, an id that is kept in the folder of the program's state, and a
     * random end: process numbers, and host names, may be the same everywhere.
     *
     * @param home value of {@code CLEAVE_HOME}, by default {@code ~/.cleave}
     * @throws StartFailure where the name that is asked for cannot stand in a topic
     */
    public static String of(Optional<String> asked, Optional<String> home) {
        if (asked.isPresent()) {
            if (!asked.get().matches("[A-Za-z0-9_-]{1,16}")) {
                throw new StartFailure(
                        ExitCode.SETTINGS,
                        "cleave.worker.name '" + asked.get()
                                + "' is not 1 to 16 letters, digits, dashes or underscores");
            }
            return asked.get();
        }
        return PartyNames.of(
                host(), home.filter(text -> !text.isEmpty()).map(Path::of).or(WorkerNames::defaultHome));
    }

    /** A user that the system does not know, as in containers, has none. */
    private static Optional<Path> defaultHome() {
        return Optional.ofNullable(System.getProperty("user.home"))
                .filter(text -> !text.isBlank() && !text.equals("?"))
                .map(text -> Path.of(text, ".cleave"));
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName().replaceAll("\\..*", "");
        } catch (UnknownHostException unknown) {
            return "worker";
        }
    }
}
