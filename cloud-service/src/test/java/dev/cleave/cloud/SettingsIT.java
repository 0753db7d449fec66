package dev.cleave.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleave.cloud.process.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The service as a process: a setting that cannot be used ends it with its exit code and one line. */
@Timeout(300)
class SettingsIT {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "quarkus.http.port, 70000, '0..65535'",
        "quarkus.http.port, abc, '0..65535'",
        "cleave.broker.port, abc, '0..65535'",
        "cleave.worker.kv-memory, 12Q, 'K, M or G'",
        "cleave.worker.idle-timeout, 5y, '1s..24h'",
        "cleave.worker.stuck-after, -5s, '1s..24h'",
        "cleave.verify-bundle, ture, 'true or false'",
        "cleave.broker.trust, missing.pem, 'a file that exists'"
    })
    void aValueThatCannotBeUsed(String name, String value, String allowed) throws Exception {
        assertThat(refused(List.of(name + "=" + value), Map.of()))
                .contains(name + "=" + value + " cannot be used: ", allowed);
    }

    @Test
    void aVariableThatIsNoSetting() throws Exception {
        assertThat(refused(List.of(), Map.of("CLEAVE_API_TOKN", "secret-value")))
                .contains("The variable CLEAVE_API_TOKN is no setting", "CLEAVE_API_TOKEN");
    }

    @Test
    void aKeyThatIsNoSetting() throws Exception {
        assertThat(refused(List.of("cleave.api.tokn=x"), Map.of()))
                .contains("cleave.api.tokn is no setting; the nearest is cleave.api.token");
    }

    @Test
    void aKeyOfTheFileThatIsNoSetting() throws Exception {
        Path file = Files.writeString(folder.resolve("cleave.properties"), "cleave.api.tokn=x\n");
        assertThat(refused(List.of("quarkus.config.locations=" + file), Map.of()))
                .contains("cleave.api.tokn is no setting; the nearest is cleave.api.token");
    }

    @Test
    void aValueOfTheFrameworks() throws Exception {
        assertThat(refused(List.of("quarkus.http.idle-timeout=5y"), Map.of()))
                .contains("quarkus.http.idle-timeout=5y cannot be used: ");
    }

    /** Returns the one line that the service writes before it ends with the code for settings. */
    private String refused(List<String> settings, Map<String, String> environment)
            throws IOException, InterruptedException {
        try (ServiceProcess service = ServiceProcess.start(folder, settings, environment)) {
            int code = service.code();
            String said = service.said();
            assertThat(code).as(said).isEqualTo(ExitCode.SETTINGS.number());
            assertThat(said.strip().lines()).as(said).hasSize(1);
            assertThat(said).doesNotContain("secret-value", "SRCFG", "Exception", "\tat ");
            return said;
        }
    }
}
