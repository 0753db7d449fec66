package dev.cleave.edge.process;

import dev.cleave.edge.config.CleaveHome;
import dev.cleave.edge.config.ServiceSettings;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What environment a child gets; nowhere else is it decided. All children get what is not Cleave's ({@code PATH}, {@code
 * LANG} …), and of what is Cleave's that which they need: an option of this command, such as {@code CLEAVE_OUT}, would change
 * what the child does, and a secret that it does not need may leak from it.
 */
public final class ChildEnvironment {
    private static final String PASSWORD = "CLEAVE_PASSWORD";
    private static final String DEBUG = "CLEAVE_DEBUG";

    private ChildEnvironment() {}

    /**
     * Returns that of a service which serves for others: its settings, from the environment and from the file.
     *
     * @param parent environment of this process
     * @param file settings of the service that stand in the file, which the environment goes before
     * @param options what the command line says of the service, where it must not stand on the child's
     */
    public static Map<String, String> ofService(
            Map<String, String> parent, Map<String, String> file, Map<String, String> options) {
        Map<String, String> environment = new TreeMap<>();
        file.forEach((key, value) -> environment.put(ServiceSettings.variable(key), value));
        parent.forEach((name, value) -> {
            if (isOthers(name) || ServiceSettings.isVariable(name)) {
                environment.put(name, value);
            }
        });
        environment.putAll(options);
        return withoutDevicesHeap(environment);
    }

    /**
     * Returns that of a service which serves this process alone: none of the settings for one that serves others, which would
     * take it to another broker, or listen elsewhere.
     *
     * @param options as of {@link #ofService}
     */
    public static Map<String, String> ofOwnService(Map<String, String> parent, Map<String, String> options) {
        Map<String, String> environment = new TreeMap<>();
        parent.forEach((name, value) -> {
            if (isOthers(name) && !name.startsWith("QUARKUS_")) {
                environment.put(name, value);
            }
        });
        environment.putAll(options);
        return withoutDevicesHeap(environment);
    }

    /**
     * Returns that of this program once more: the folder and the file of settings that this process has, and the secret of the
     * login that the child's command line names.
     *
     * @param settings file that this process has read, where it did
     * @param login whether the child's command line names a user
     */
    public static Map<String, String> ofSelf(
            Map<String, String> parent, CleaveHome home, Optional<Path> settings, boolean login) {
        Map<String, String> environment = new TreeMap<>();
        parent.forEach((name, value) -> {
            if (isOthers(name) || name.equals(DEBUG) || login && name.equals(PASSWORD)) {
                environment.put(name, value);
            }
        });
        environment.put("CLEAVE_HOME", home.folder().toString());
        settings.ifPresent(
                file -> environment.put("CLEAVE_CONFIG", file.toAbsolutePath().toString()));
        return environment;
    }

    private static boolean isOthers(String name) {
        return !name.startsWith("CLEAVE_");
    }

    /** The launcher's one heap of glibc's is for a device; many sessions would wait for each other there. */
    private static Map<String, String> withoutDevicesHeap(Map<String, String> environment) {
        environment.remove("MALLOC_ARENA_MAX");
        return environment;
    }
}
