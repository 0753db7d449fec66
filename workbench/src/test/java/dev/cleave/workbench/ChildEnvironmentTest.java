package dev.cleave.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleave.edge.config.CleaveHome;
import dev.cleave.edge.config.ServiceSettings;
import dev.cleave.edge.process.ChildEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ChildEnvironmentTest {
    private static final Map<String, String> PARENT = new TreeMap<>(Map.of(
            "PATH", "/bin",
            "QUARKUS_HTTP_HOST", "0.0.0.0",
            "MALLOC_ARENA_MAX", "1",
            "CLEAVE_HOME", "/elsewhere",
            "CLEAVE_OUT", "/tmp/x",
            "CLEAVE_PASSWORD", "of the device",
            "CLEAVE_API_TOKEN", "t",
            "CLEAVE_API_TOKN", "misspelt",
            "CLEAVE_GRACE", "1s",
            "CLEAVE_BROKER", "tcp://elsewhere:1883"));

    @Test
    void aServiceGetsItsSettingsAndNothingOfTheDevices() {
        assertThat(ChildEnvironment.ofService(
                        PARENT,
                        Map.of("cleave.grace", "9s", "cleave.worker.kv-memory", "2G"),
                        Map.of("CLEAVE_BROKER_PASSWORD", "p")))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "PATH", "/bin",
                        "QUARKUS_HTTP_HOST", "0.0.0.0",
                        "CLEAVE_API_TOKEN", "t",
                        "CLEAVE_API_TOKN", "misspelt",
                        // The environment goes before the file.
                        "CLEAVE_GRACE", "1s",
                        "CLEAVE_WORKER_KV_MEMORY", "2G",
                        "CLEAVE_BROKER_PASSWORD", "p"));
    }

    @Test
    void aServiceOfOurOwnGetsNoneForOneThatServesOthers() {
        assertThat(ChildEnvironment.ofOwnService(PARENT, Map.of("CLEAVE_BROKER_USER", "u")))
                .containsExactlyInAnyOrderEntriesOf(Map.of("PATH", "/bin", "CLEAVE_BROKER_USER", "u"));
    }

    @Test
    void thisProgramOnceMoreHasItsHomeItsFileAndTheSecretOfItsLogin() {
        CleaveHome home = new CleaveHome(Path.of("/home/x"), Optional.empty());
        Map<String, String> without = new TreeMap<>(Map.of(
                "PATH", "/bin",
                "QUARKUS_HTTP_HOST", "0.0.0.0",
                "MALLOC_ARENA_MAX", "1",
                "CLEAVE_HOME", "/home/x",
                "CLEAVE_CONFIG", "/s.properties"));
        assertThat(ChildEnvironment.ofSelf(PARENT, home, Optional.of(Path.of("/s.properties")), false))
                .isEqualTo(without);

        without.put("CLEAVE_PASSWORD", "of the device");
        assertThat(ChildEnvironment.ofSelf(PARENT, home, Optional.of(Path.of("/s.properties")), true))
                .isEqualTo(without);
    }

    /** A setting of the service that this program did not know would be refused in the file, and lost in the environment. */
    @Test
    void everySettingThatIsDocumentedIsKnown() throws IOException {
        String table = Files.readString(Program.ROOT.resolve("docs/cloud.md"));
        TreeSet<String> documented = new TreeSet<>();
        for (String line : table.lines().filter(l -> l.startsWith("| `cleave.")).toList()) {
            Matcher names = Pattern.compile("`(cleave\\.[a-z.-]+)`").matcher(line.split("\\|")[1]);
            while (names.find()) {
                documented.add(names.group(1));
            }
        }
        assertThat(new TreeSet<>(ServiceSettings.NAMES)).isEqualTo(documented);
    }
}
