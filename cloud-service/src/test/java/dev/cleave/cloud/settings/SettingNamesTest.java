package dev.cleave.cloud.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A name that is misspelt is told, with what it was meant to be. */
class SettingNamesTest {
    @ParameterizedTest
    @CsvSource({
        "CLEAVE_API_TOKN, CLEAVE_API_TOKEN",
        "CLEAVE_API_TOKENS, CLEAVE_API_TOKEN",
        "cleave_api_tokn, CLEAVE_API_TOKEN",
        "CLEAVE_APITOKEN, CLEAVE_API_TOKEN",
        "CLEAVE_AIP_TOKEN, CLEAVE_API_TOKEN",
        "CLEAVE_BROKER_PASWORD, CLEAVE_BROKER_PASSWORD",
        "CLEAVE_BROKER_PLAIN_PASSWORT, CLEAVE_BROKER_PLAIN_PASSWORD",
        "CLEAVE_WORKER_KVMEMORY, CLEAVE_WORKER_KV_MEMORY",
        "CLEAVE_FLEET_UTILIZATION, CLEAVE_FLEET_UTILISATION",
        "CLEAVE_BROKER_SERVICE, CLEAVE_BROKER_"
    })
    void aMisspeltVariableIsRefused(String variable, String nearest) {
        assertThat(SettingNames.unknownVariable(Map.of("PATH", "/bin", variable, "secret-value")))
                .hasValueSatisfying(line -> assertThat(line)
                        .contains("The variable " + variable + " is no setting", nearest)
                        .doesNotContain("secret-value", "\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CLEAVE_BROKER_SERVICE_HOST",
                "CLEAVE_BROKER_SERVICE_PORT",
                "CLEAVE_BROKER_SERVICE_PORT_MQTT",
                "CLEAVE_BROKER_PORT_1883_TCP",
                "CLEAVE_BROKER_PORT_1883_TCP_ADDR",
                "CLEAVE_BROKER_MQTT_PORT",
                "CLEAVE_HOME",
                "CLEAVE_PASSWORD",
                "CLEAVE_FRONT_BITS",
                "CLEAVE_BROKER",
                "CLEAVE_API_TOKEN",
                "cleave_api_token",
                "CLOUD_API_TOKN"
            })
    void whatOthersSetIsPassedOver(String variable) {
        assertThat(SettingNames.unknownVariable(Map.of(variable, "tcp://10.0.0.1:1883")))
                .isEmpty();
    }

    @Test
    void aMisspeltKeyIsRefused() {
        assertThat(SettingNames.unknownKey(List.of("quarkus.http.port", "cleave.api.token", "cleave.api.tokn")))
                .hasValueSatisfying(line ->
                        assertThat(line).contains("cleave.api.tokn is no setting", "the nearest is cleave.api.token."));
        assertThat(SettingNames.unknownKey(SettingNames.all())).isEmpty();
    }
}
