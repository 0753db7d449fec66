package dev.cleave.optimizer.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cleave.model.ModelException;
import dev.cleave.model.property.Cases;
import dev.cleave.optimizer.profile.LinkProfile;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinkFileTest {
    private static final String SOURCE = "link.json";
    private static final String GOOD =
            "{\"format\":\"cleave-link-profile\",\"version\":1,\"overheadBytes\":90,\"idsBytes\":70,"
                    + "\"samples\":[{\"roundTripMillis\":5,\"bytesPerMilli\":1250.5,\"jitterMillis\":0}]}";

    @Test
    void whatIsWrittenIsRead() {
        Cases.check(200, seed -> {
            LinkProfile profile = Profiles.link(seed);

            assertThat(LinkFile.read(LinkFile.write(profile), SOURCE)).isEqualTo(profile);
        });
    }

    @Test
    void aFileThatEndsEarlyIsRefusedAndAChangedByteIsReadOrRefused() {
        Cases.check(500, seed -> {
            byte[] bytes = LinkFile.write(Profiles.link(seed));
            Random random = new Random(seed);
            byte[] part = Arrays.copyOf(bytes, random.nextInt(bytes.length - 2));
            assertThatThrownBy(() -> LinkFile.read(part, SOURCE)).isInstanceOf(ModelException.class);

            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            try {
                LinkFile.read(bytes, SOURCE);
            } catch (ModelException e) {
                assertThat(e).hasMessageStartingWith(SOURCE + ": ");
            }
        });
    }

    /** Each: a part of a good file, what takes its place, and what the message must say. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "\"version\":1        | \"version\":7        | field version: this program reads version 1, found 7",
                "link-profile         | compute-profile      | field format: \"cleave-link-profile\" is expected",
                "\"overheadBytes\":90 | \"overheadBytes\":-1 | field overheadBytes: an integer in 0..",
                "\"overheadBytes\":90 | \"overheadBytes\":90000 | field overheadBytes is 90000, expected an integer in 0..4096",
                "\"idsBytes\":70      | \"other\":70         | field idsBytes: an integer",
                "\"roundTripMillis\":5| \"roundTripMillis\":60001 | field samples[0].roundTripMillis is 60001.0",
                "\"roundTripMillis\":5| \"roundTripMillis\":NaN | not valid JSON",
                "1250.5               | 0                    | field samples[0].bytesPerMilli is 0.0",
                "1250.5               | 1e9                  | field samples[0].bytesPerMilli is 1.0E9",
                "1250.5               | 1e999                | number 1e999 is out of range",
                "1250.5               | \"fast\"             | field samples[0].bytesPerMilli: a number",
                "\"jitterMillis\":0   | \"jitterMillis\":-3  | field samples[0].jitterMillis",
                "\"samples\":[{       | \"samples\":[4,{     | field samples[0]: an object is expected, found 4",
            })
    void whatIsWrongIsNamed(String part, String instead, String message) {
        assertThat(GOOD).contains(part);

        assertThatThrownBy(() -> LinkFile.read(GOOD.replace(part, instead).getBytes(UTF_8), SOURCE))
                .isInstanceOf(ModelException.class)
                .hasMessageStartingWith(SOURCE + ": ")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({"0, field samples is 0 samples", "257, field samples: at most 256 elements are expected"})
    void samplesAreBounded(int count, String message) {
        String one = GOOD.substring(GOOD.indexOf("[{") + 1, GOOD.indexOf("}]") + 1);
        String many = String.join(",", java.util.Collections.nCopies(count, one));

        assertThatThrownBy(() -> LinkFile.read(GOOD.replace(one, many).getBytes(UTF_8), SOURCE))
                .hasMessageContaining(message);
    }
}
