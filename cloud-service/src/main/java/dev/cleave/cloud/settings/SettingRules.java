package dev.cleave.cloud.settings;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The values that settings may have, where a type does not say it all. */
public final class SettingRules {
    private static final Duration DAY = Duration.ofHours(24);
    private static final Duration HOUR = Duration.ofHours(1);

    /** As in application.properties. */
    private static final long MOST_BODY = 64L << 20;

    private static final Map<String, Rule> RULES = rules();

    private SettingRules() {}

    private static Map<String, Rule> rules() {
        Map<String, Rule> rules = new LinkedHashMap<>();
        rules.put("cleave.verify-bundle", Rule.truth());
        rules.put("cleave.exit-with-parent", Rule.truth());
        rules.put("cleave.grace", Rule.time("0s..1h", Duration.ZERO, HOUR));
        rules.put("cleave.broker.trust", Rule.file());
        rules.put("cleave.broker.certificate", Rule.file());
        rules.put("cleave.broker.key", Rule.file());
        rules.put("cleave.broker.plain-password", Rule.truth());
        rules.put("cleave.broker.port", Rule.whole(0, 65535));
        rules.put("cleave.worker.max-sessions", Rule.whole(1, 10_000));
        rules.put("cleave.worker.kv-memory", Rule.size("at least 1", Long.MAX_VALUE));
        rules.put("cleave.worker.max-length", Rule.whole(1, Integer.MAX_VALUE));
        rules.put("cleave.worker.threads", Rule.whole(1, 256));
        rules.put("cleave.worker.engine-threads", Rule.whole(1, 256));
        rules.put("cleave.worker.idle-timeout", Rule.time("1s..24h", Duration.ofSeconds(1), DAY));
        rules.put("cleave.worker.profile", Rule.truth());
        rules.put("cleave.worker.stuck-after", Rule.time("1s..24h", Duration.ofSeconds(1), DAY));
        rules.put("cleave.api.max-body", Rule.size("1..64M", MOST_BODY));
        rules.put("cleave.fleet.time-limit", Rule.time("10ms..1h", Duration.ofMillis(10), HOUR));
        rules.put("cleave.fleet.gap", Rule.number(0, 1));
        rules.put("cleave.fleet.utilisation", Rule.number(0.01, 1));
        rules.put("quarkus.http.port", Rule.whole(0, 65535));
        return rules;
    }

    /** Returns whether a setting's values are checked here. */
    static boolean covers(String setting) {
        return RULES.containsKey(setting);
    }

    /**
     * Returns what is wrong with the first setting that cannot be used: name, value and what is allowed.
     *
     * @param values each setting's as its user wrote it, empty where nobody did
     */
    public static Optional<String> problem(Function<String, Optional<String>> values) {
        for (Map.Entry<String, Rule> entry : RULES.entrySet()) {
            Optional<String> value = values.apply(entry.getKey()).filter(text -> !text.isBlank());
            if (value.isPresent() && !entry.getValue().allows(value.get())) {
                return Optional.of(entry.getKey() + "=" + oneLine(value.get()) + " cannot be used: "
                        + entry.getValue().allowed() + hint(value.get()));
            }
        }
        return Optional.empty();
    }

    private static String hint(String value) {
        return SettingNames.isKubernetesAddress(value)
                ? ". Kubernetes sets it where a service has the name cleave-broker: set enableServiceLinks: false, or rename the"
                        + " service"
                : "";
    }

    private static String oneLine(String value) {
        String line = value.replaceAll("\\p{Cntrl}", "?");
        return line.length() > 200 ? line.substring(0, 200) + "…" : line;
    }
}
