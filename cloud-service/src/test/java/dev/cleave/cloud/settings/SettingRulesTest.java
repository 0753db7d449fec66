package dev.cleave.cloud.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleave.cloud.CloudConfig;
import io.smallrye.config.WithDefault;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A value that cannot be used is told in one line: name, value, what is allowed. */
class SettingRulesTest {
    /** Texts and folders, which those who use them judge. */
    private static final Set<String> ELSEWHERE = Set.of(
            "cleave.bundle",
            "cleave.ready-file",
            "cleave.broker.url",
            "cleave.broker.user",
            "cleave.broker.password",
            "cleave.broker.host",
            "cleave.worker.name",
            "cleave.worker.profile-file",
            "cleave.api.token");

    @ParameterizedTest
    @CsvSource({
        "quarkus.http.port, 70000, 0..65535",
        "quarkus.http.port, abc, 0..65535",
        "quarkus.http.port, -1, 0..65535",
        "cleave.broker.port, 65536, 0..65535",
        "cleave.broker.port, tcp://10.0.0.1:1883, enableServiceLinks: false",
        "cleave.worker.kv-memory, 12Q, 'K, M or G'",
        "cleave.worker.kv-memory, -1G, at least 1",
        "cleave.worker.kv-memory, 0, at least 1",
        "cleave.worker.kv-memory, 99999999999G, at least 1",
        "cleave.api.max-body, 65M, 1..64M",
        "cleave.api.max-body, 4Mi, 1..64M",
        "cleave.worker.stuck-after, -5s, 1s..24h",
        "cleave.worker.stuck-after, 0, 1s..24h",
        "cleave.worker.idle-timeout, 5y, 1s..24h",
        "cleave.worker.idle-timeout, 25h, 1s..24h",
        "cleave.grace, -1s, 0s..1h",
        "cleave.grace, 99999999999999999999, 0s..1h",
        "cleave.fleet.time-limit, 5ms, 10ms..1h",
        "cleave.fleet.gap, NaN, 0.0..1.0",
        "cleave.fleet.utilisation, 0, 0.01..1.0",
        "cleave.verify-bundle, ture, true or false",
        "cleave.worker.threads, 1.5, 1..256",
        "cleave.worker.max-sessions, 99999999999999999999, 1..10000",
        "cleave.broker.trust, no-such-file.pem, a file that exists"
    })
    void whatCannotBeUsedIsTold(String name, String value, String allowed) {
        assertThat(problem(name, value))
                .hasValueSatisfying(line -> assertThat(line)
                        .startsWith(name + "=" + value + " cannot be used: ")
                        .contains(allowed)
                        .doesNotContain("\n", "SRCFG", "Exception"));
    }

    @ParameterizedTest
    @CsvSource({
        "quarkus.http.port, 0",
        "cleave.broker.port, 65535",
        "cleave.worker.kv-memory, 512m",
        "cleave.worker.kv-memory, 1000000",
        "cleave.worker.stuck-after, 1m30s",
        "cleave.worker.idle-timeout, 300",
        "cleave.worker.idle-timeout, PT5M",
        "cleave.grace, 0",
        "cleave.fleet.time-limit, 500ms",
        "cleave.fleet.gap, 1e-3",
        "cleave.verify-bundle, FALSE"
    })
    void whatCanIsNot(String name, String value) {
        assertThat(problem(name, value)).isEmpty();
    }

    @Test
    void everySettingHasARuleAndADefaultThatKeepsIt() {
        assertThat(SettingNames.all()).allMatch(name -> SettingRules.covers(name) != ELSEWHERE.contains(name));
        defaults("cleave.", CloudConfig.class);
    }

    @Test
    void aFileThatIsThereCanBeUsed() {
        assertThat(problem(
                        "cleave.broker.trust",
                        Path.of(System.getProperty("cleave.root"), "pom.xml").toString()))
                .isEmpty();
    }

    private static void defaults(String prefix, Class<?> group) {
        for (Method setting : group.getDeclaredMethods()) {
            String name =
                    prefix + setting.getName().replaceAll("([A-Z])", "-$1").toLowerCase(java.util.Locale.ROOT);
            if (setting.getReturnType().getEnclosingClass() == CloudConfig.class) {
                defaults(name + ".", setting.getReturnType());
            } else if (setting.isAnnotationPresent(WithDefault.class)) {
                assertThat(problem(
                                name, setting.getAnnotation(WithDefault.class).value()))
                        .isEmpty();
            }
        }
    }

    private static Optional<String> problem(String name, String value) {
        return SettingRules.problem(asked -> asked.equals(name) ? Optional.of(value) : Optional.empty());
    }
}
