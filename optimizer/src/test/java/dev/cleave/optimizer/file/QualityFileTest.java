package dev.cleave.optimizer.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cleave.model.ModelException;
import dev.cleave.optimizer.profile.Curve;
import dev.cleave.optimizer.profile.LinkLoss;
import dev.cleave.optimizer.profile.QualityProfile;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QualityFileTest {
    private static final QualityProfile PROFILE = new QualityProfile(
            "ab12",
            Map.of(
                    4, new Curve(List.of(new Curve.Point(0, 0.25), new Curve.Point(12, 0.5))),
                    8, new Curve(List.of(new Curve.Point(0, 0)))),
            Map.of(8, new Curve(List.of(new Curve.Point(3, 0.125)))),
            List.of(
                    new LinkLoss("int8", false, List.of(new LinkLoss.Point(1, 256, 268, 0.001, 0))),
                    new LinkLoss("tuned-36", true, List.of(new LinkLoss.Point(6, 64, 76.5, 0.01, 1 << 20)))),
            Map.of("float32", 0.0, "float16", 0.001),
            0.002);

    @Test
    void whatIsWrittenIsReadAgain() {
        assertThat(QualityFile.read(QualityFile.write(PROFILE), "file")).isEqualTo(PROFILE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"loss\" : 0.25|\"loss\" : -1|front[0].points[0].loss",
                "\"loss\" : 0.25|\"loss\" : 101|front[0].points[0].loss",
                "\"loss\" : 0.25|\"loss\" : NaN|not valid JSON",
                "\"split\" : 12|\"split\" : 0|front[0].points[1].split",
                "\"bits\" : 4|\"bits\" : 64|front[0].bits",
                "\"tuned\" : true|\"tuned\" : 1|links[1].tuned",
                "\"memoryBytes\" : 1048576|\"memoryBytes\" : 1e99|links[1].points[0].memoryBytes",
                "\"link\" : \"tuned-36\"|\"link\" : \"int8\"|links",
                "\"additivityError\" : 0.002|\"additivityError\" : \"little\"|additivityError",
            })
    void aWrongFieldIsNamed(String right, String wrong, String field) {
        String file = new String(QualityFile.write(PROFILE), StandardCharsets.UTF_8);
        assertThat(file).contains(right);
        byte[] bytes = file.replace(right, wrong).getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> QualityFile.read(bytes, "file"))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(field);
    }
}
