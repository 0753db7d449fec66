package dev.cleave.optimizer.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cleave.model.ModelException;
import dev.cleave.optimizer.file.QualityFile;
import dev.cleave.optimizer.profile.QualityProfile;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QualityFileTest {
    @Test
    void whatIsWrittenIsReadAgain() {
        RandomRequests requests = new RandomRequests(9);
        for (int i = 0; i < 100; i++) {
            QualityProfile profile = requests.next().quality();
            assertThat(QualityFile.read(QualityFile.write(profile), "file")).isEqualTo(profile);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'\"loss\" : [0-9.E-]+', '\"loss\" : -1', loss",
        "'\"loss\" : [0-9.E-]+', '\"loss\" : 1000', loss",
        "'\"split\" : [0-9]+', '\"split\" : 1000000', split",
        "'\"bits\" : [0-9]+', '\"bits\" : 0', bits",
        "'\"decodeBytes\" : [0-9.]+', '\"decodeBytes\" : \"few\"', decodeBytes",
        "'\"modelHash\" : \"abc\"', '\"modelHash\" : \"\"', modelHash",
        "'\"tuned\" : (true|false)', '\"tuned\" : 1', tuned"
    })
    void aWrongFieldIsNamed(String pattern, String replacement, String field) {
        String file = new String(QualityFile.write(new RandomRequests(10).next().quality()), StandardCharsets.UTF_8);
        String changed = file.replaceFirst(pattern, replacement);
        assertThat(changed).isNotEqualTo(file);
        assertThatThrownBy(() -> QualityFile.read(changed.getBytes(StandardCharsets.UTF_8), "file"))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(field)
                .hasMessageContaining("expected");
    }
}
