package dev.cleave.optimizer.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cleave.model.ModelException;
import dev.cleave.optimizer.file.QualityFile;
import dev.cleave.optimizer.profile.QualityProfile;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QualityFileTest {
    private static final String SOURCE = "quality.json";
    private static final String GOOD = "{\"format\":\"cleave-quality-profile\",\"version\":1,\"modelHash\":\"abc\","
            + "\"additivityError\":0.01,\"front\":[{\"bits\":4,\"points\":[{\"split\":0,\"loss\":0}]}],"
            + "\"back\":[{\"bits\":4,\"points\":[{\"split\":0,\"loss\":0.5}]}],\"kv\":[{\"name\":\"float32\",\"loss\":0}],"
            + "\"links\":[{\"link\":\"int8\",\"tuned\":false,\"points\":[{\"split\":1,\"promptBytes\":200,"
            + "\"decodeBytes\":212,\"loss\":0.001,\"memoryBytes\":0}]}]}";

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

    /** Each: a part of a good file, what takes its place, and what the message must say. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "\"version\":1 | \"version\":2 | field version: this program reads version 1, found 2",
                "quality-profile | link-profile | field format: \"cleave-quality-profile\" is expected",
                "\"additivityError\":0.01 | \"additivityError\":101 | field additivityError is 101",
                "\"additivityError\":0.01 | \"additivityError\":1e999 | number 1e999 is out of range",
                "\"loss\":0.5 | \"loss\":-0.5 | field back[0].points[0].loss",
                "\"loss\":0.5 | \"loss\":null | field back[0].points[0].loss: a number",
                "\"loss\":0.5} | \"loss\":0.5},{\"split\":0,\"loss\":1} | field back[0].points[1].split is 0, expected rising",
                "[{\"split\":0,\"loss\":0.5}] | [] | field back[0].points is empty",
                "0}]}],\"back\" | 0}]},{\"bits\":4,\"points\":[{\"split\":0,\"loss\":1}]}],\"back\" | field front[1].bits: each once",
                "\"loss\":0}],\"links\" | \"loss\":0},{\"name\":\"float32\",\"loss\":1}],\"links\" | field kv[1].name: each once",
                "\"promptBytes\":200 | \"promptBytes\":-1 | field links[0].points[0].promptBytes",
                "\"promptBytes\":200 | \"bytes\":200 | field links[0].points[0].promptBytes: a number",
                "\"memoryBytes\":0 | \"memoryBytes\":9223372036854775807 | field links[0].points[0].memoryBytes",
                "\"memoryBytes\":0 | \"memoryBytes\":0.5 | field links[0].points[0].memoryBytes",
                "\"link\":\"int8\" | \"link\":\"\" | field links[0].links is",
            })
    void whatIsWrongIsNamedWithItsPlace(String part, String instead, String message) {
        assertThat(QualityFile.read(GOOD.getBytes(StandardCharsets.UTF_8), SOURCE)
                        .back()
                        .get(4)
                        .at(0))
                .isEqualTo(0.5);
        assertThat(GOOD).contains(part);
        assertThatThrownBy(() -> QualityFile.read(GOOD.replace(part, instead).getBytes(StandardCharsets.UTF_8), SOURCE))
                .isInstanceOf(ModelException.class)
                .hasMessageStartingWith(SOURCE + ": ")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({"1000, 0", "1001, 1"})
    void listsAreBounded(int count, int refused) {
        StringBuilder points = new StringBuilder("{\"split\":0,\"loss\":0.5}");
        for (int split = 1; split < count; split++) {
            points.append(",{\"split\":").append(split).append(",\"loss\":0.5}");
        }
        byte[] file = GOOD.replace("{\"split\":0,\"loss\":0.5}", points).getBytes(StandardCharsets.UTF_8);
        if (refused == 0) {
            assertThat(QualityFile.read(file, SOURCE).back().get(4).points()).hasSize(count);
        } else {
            assertThatThrownBy(() -> QualityFile.read(file, SOURCE))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("back[0].points: at most 1000 elements are expected, found 1001");
        }
    }

    @Test
    void aFileThatEndsEarlyIsRefusedAndAChangedByteIsReadOrRefused() {
        Random random = new Random(11);
        RandomRequests requests = new RandomRequests(12);
        for (int i = 0; i < 500; i++) {
            byte[] bytes = QualityFile.write(requests.next().quality());
            byte[] part = Arrays.copyOf(bytes, random.nextInt(bytes.length - 2));
            assertThatThrownBy(() -> QualityFile.read(part, SOURCE)).isInstanceOf(ModelException.class);

            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            try {
                QualityFile.read(bytes, SOURCE);
            } catch (ModelException e) {
                assertThat(e).hasMessageStartingWith(SOURCE + ": ");
            }
        }
    }
}
