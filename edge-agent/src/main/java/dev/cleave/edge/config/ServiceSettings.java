package dev.cleave.edge.config;

import java.util.List;
import java.util.Locale;

/**
 * Which keys of the file of settings, and which variables of the environment, are for the cloud service. Their names are
 * those of docs/cloud.md.
 */
public final class ServiceSettings {
    /** The service's own; whatever begins with {@code quarkus.} is for the framework that it stands on. */
    public static final List<String> NAMES = List.of(
            "cleave.bundle",
            "cleave.verify-bundle",
            "cleave.ready-file",
            "cleave.exit-with-parent",
            "cleave.grace",
            "cleave.broker.url",
            "cleave.broker.user",
            "cleave.broker.password",
            "cleave.broker.trust",
            "cleave.broker.certificate",
            "cleave.broker.key",
            "cleave.broker.plain-password",
            "cleave.broker.host",
            "cleave.broker.port",
            "cleave.worker.name",
            "cleave.worker.max-sessions",
            "cleave.worker.kv-memory",
            "cleave.worker.max-length",
            "cleave.worker.threads",
            "cleave.worker.engine-threads",
            "cleave.worker.idle-timeout",
            "cleave.worker.profile",
            "cleave.worker.profile-file",
            "cleave.worker.stuck-after",
            "cleave.api.token",
            "cleave.api.max-body",
            "cleave.fleet.time-limit",
            "cleave.fleet.gap",
            "cleave.fleet.utilisation");

    private static final List<String> GROUPS =
            List.of("CLEAVE_BROKER_", "CLEAVE_WORKER_", "CLEAVE_API_", "CLEAVE_FLEET_");

    private ServiceSettings() {}

    /** Returns whether a key is one of the service's settings. */
    public static boolean isSetting(String key) {
        return NAMES.contains(key) || key.startsWith("quarkus.");
    }

    /**
     * Returns whether a variable is for the service, which itself judges those of its groups that it does not know: so a name
     * that is misspelt is told by whoever knows what it leaves open.
     */
    public static boolean isVariable(String variable) {
        return GROUPS.stream().anyMatch(variable::startsWith)
                || NAMES.stream().map(ServiceSettings::variable).anyMatch(variable::equals);
    }

    /** Returns the variable of a setting: {@code cleave.worker.kv-memory} is {@code CLEAVE_WORKER_KV_MEMORY}. */
    public static String variable(String key) {
        return key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }

    /** Returns whether a setting's value must not stand on a command line, where everybody on the machine reads it. */
    public static boolean isSecret(String key) {
        return key.matches(".*(password|secret|token|credential).*");
    }
}
