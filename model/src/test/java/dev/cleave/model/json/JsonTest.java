package dev.cleave.model.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    private static byte[] utf8(String text) {
        return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }

    private static JsonObject published(String text) {
        return Json.parsePublished(utf8(text), "config.json");
    }

    @Test
    void whatPythonWritesDoesNoHarmWhereNobodyReadsIt() {
        JsonObject json = published("{'max':1000000000000000019884624838656,'limits':[0.0,Infinity,-Infinity,NaN],"
                + "'huge':1e400,'long':-" + "9".repeat(500) + ",'read':3}");

        assertThat(json.integer("read", 0, 9)).isEqualTo(3);
        assertThat(json.fields().get("max")).isEqualTo(new BigInteger("1000000000000000019884624838656"));
        assertThat(json.list("limits"))
                .containsExactly(0.0, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN);
        assertThat(json.fields().get("huge")).isEqualTo(Double.POSITIVE_INFINITY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Infinity", "-Infinity", "NaN", "1e400", "1000000000000000019884624838656"})
    void whereItIsReadTheMessageNamesTheField(String number) {
        JsonObject json = published("{'a':{'theta':" + number + "}}").object("a");

        assertThatExceptionOfType(ModelException.class)
                .isThrownBy(() -> json.number("theta", 0, 1e12))
                .withMessageStartingWith("config.json: field a.theta: a number in 0.0..1.0E12 is expected, found ");
        assertThatExceptionOfType(ModelException.class)
                .isThrownBy(() -> json.integer("theta", 0, 9))
                .withMessageContaining("field a.theta: an integer in 0..9 is expected, found ");
    }

    @Test
    void ofANameThatStandsTwiceTheLastValueCounts() {
        assertThat(published("{'a':1,'b':{'c':1,'c':2},'a':3}").integer("a", 0, 9))
                .isEqualTo(3);
        assertThat(published("{'b':{'c':1,'c':2}}").object("b").integer("c", 0, 9))
                .isEqualTo(2);
        assertThatExceptionOfType(ModelException.class)
                .isThrownBy(() -> Json.parse(utf8("{'a':1,\n 'a':3}"), "ours"))
                .withMessageStartingWith("ours: line 2, column ")
                .withMessageContaining("'a'");
    }

    @Test
    void aByteOrderMarkIsSkipped() {
        assertThat(published("\ufeff{'a':1}").has("a")).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {'a':1,\\n 'b':2,\\n}            | line 3, column 1
            {'a':1 // one\\n}                 | line 1, column 8
            {'a':None}                        | line 1, column 6
            {'a':[1,2}                        | line 1, column 10
            {'a':'x\\ny'}                     | line 1, column 8
            {'a':+Infinity}                   | line 1, column 6
            {'a':1                            | line 1, column 7
            {'a':01}                          | line 1, column 7
            {'a':1}\\n\\n {}                  | line 3, column 2
            """)
    void errorsGiveLineAndColumnAndNoAdviceToProgrammers(String text, String place) {
        assertThatExceptionOfType(ModelException.class)
                .isThrownBy(() -> published(text.replace("\\n", "\n")))
                .withMessageStartingWith("config.json: " + place)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("Feature", "REDACTED", "offset=-1"));
    }

    @Test
    void bytesThatAreNoUtf8HaveAPlaceToo() {
        byte[] text = utf8("{'a':\n'caf_'}");
        text[10] = (byte) 0xe9;

        assertThatExceptionOfType(ModelException.class)
                .isThrownBy(() -> Json.parsePublished(text, "config.json"))
                .withMessageContainingAll("config.json: line 2, column 5, offset=10", "UTF-8");
    }

    @ParameterizedTest
    @ValueSource(ints = {65, 1000, 100_000})
    void nestingIsBounded(int depth) {
        String text = "{'a':" + "[".repeat(depth) + "]".repeat(depth) + "}";

        assertThatExceptionOfType(ModelException.class)
                .isThrownBy(() -> published(text))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.MALFORMED))
                .withMessageContaining("64");
    }

    @Test
    void numbersAreBounded() {
        assertThat(published("{'a':" + "1".repeat(Json.MAX_DIGITS) + "}").has("a"))
                .isTrue();
        assertThatExceptionOfType(ModelException.class)
                .isThrownBy(() -> published("{'a':" + "1".repeat(Json.MAX_DIGITS + 1) + "}"))
                .withMessageContaining(String.valueOf(Json.MAX_DIGITS));
    }

    @Test
    void whatWasReadIsWrittenAgain() {
        String text = "{\"a\":1000000000000000019884624838656,\"b\":[1.5,\"x\",null,true]}";

        assertThat(new String(JsonWriter.compact(published(text).fields()), StandardCharsets.UTF_8))
                .isEqualTo(text);
        assertThat(Stream.of("Infinity", "NaN")
                        .map(number -> new String(
                                JsonWriter.canonical(
                                        published("{'a':" + number + "}").fields()),
                                StandardCharsets.UTF_8))
                        .collect(Collectors.toList()))
                .containsExactly("{\"a\":\"Infinity\"}", "{\"a\":\"NaN\"}");
    }
}
