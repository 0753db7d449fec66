package dev.cleave.cloud.settings;

import dev.cleave.cloud.CloudConfig;
import java.lang.reflect.Method;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Which settings there are, and what a name that is none of them was probably meant to be. */
public final class SettingNames {
    private static final String PREFIX = "cleave.";
    private static final List<String> GROUPS =
            List.of("CLEAVE_API_", "CLEAVE_BROKER_", "CLEAVE_WORKER_", "CLEAVE_FLEET_");

    /** What Kubernetes sets for a service whose name begins like a group, such as cleave-broker. */
    private static final String KUBERNETES =
            ".*_SERVICE_(HOST|PORT(_.+)?)|.*_PORT_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?";

    /** Letters that a slip changes, where the name as a whole is long enough for it to be no other. */
    private static final int SLIP = 2;

    private static final int LONG_ENOUGH = "CLEAVE_API_TOKEN".length() - SLIP;

    private SettingNames() {}

    /** Returns the names of all settings, as they stand in a file. */
    public static Set<String> all() {
        Set<String> names = new TreeSet<>();
        collect(PREFIX, CloudConfig.class, names);
        return names;
    }

    private static void collect(String prefix, Class<?> group, Set<String> names) {
        for (Method setting : group.getDeclaredMethods()) {
            if (setting.isSynthetic()) {
                continue;
            }
            String name =
                    prefix + setting.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
            if (setting.getReturnType().getEnclosingClass() == CloudConfig.class) {
                collect(name + ".", setting.getReturnType(), names);
            } else {
                names.add(name);
            }
        }
    }

    /**
     * Returns what is wrong with the first variable that is no setting though it stands in a group of the service's, or is a slip
     * away from one; its value is not told. Others that begin with {@code CLEAVE_} are for the command line program.
     */
    public static Optional<String> unknownVariable(Map<String, String> environment) {
        Map<String, String> known = new TreeMap<>();
        all().forEach(name -> known.put(variable(name), name));
        for (Map.Entry<String, String> entry : new TreeMap<>(environment).entrySet()) {
            String variable = variable(entry.getKey());
            if (!variable.startsWith("CLEAVE_")
                    || known.containsKey(variable)
                    || isKubernetes(variable, entry.getValue())) {
                continue;
            }
            String nearest = nearest(variable, known.keySet());
            boolean slip = variable.length() >= LONG_ENOUGH && distance(variable, nearest) <= SLIP;
            if (slip || GROUPS.stream().anyMatch(variable::startsWith)) {
                return Optional.of("The variable " + entry.getKey() + " is no setting; the nearest is " + nearest + " ("
                        + known.get(nearest) + "). Correct or unset it");
            }
        }
        return Optional.empty();
    }

    /**
     * Returns what is wrong with the first key that begins with {@code cleave.} and is no setting; its value is not told.
     *
     * @param keys of command line and file
     */
    public static Optional<String> unknownKey(Collection<String> keys) {
        Set<String> known = all();
        return keys.stream()
                .filter(key -> key.startsWith(PREFIX) && !known.contains(key))
                .sorted()
                .findFirst()
                .map(key -> key + " is no setting; the nearest is " + nearest(key, known) + ". Correct or remove it");
    }

    /** Returns whether a value is what Kubernetes sets as a service's port. */
    static boolean isKubernetesAddress(String value) {
        return value.matches("(tcp|udp|sctp)://.*:[0-9]+");
    }

    private static boolean isKubernetes(String variable, String value) {
        return variable.matches(KUBERNETES) || variable.endsWith("_PORT") && isKubernetesAddress(value);
    }

    private static String variable(String name) {
        return name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }

    private static String nearest(String name, Collection<String> known) {
        return known.stream()
                .min(Comparator.comparingInt(candidate -> distance(name, candidate)))
                .orElseThrow();
    }

    /** Levenshtein's: letters that are inserted, deleted or exchanged. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int exchanged = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(exchanged, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
