package dev.cleave.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleave.model.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokenizers as users have them, with the ids of the Hugging Face library 0.22.2. */
class TokenizerCasesTest {
    @ParameterizedTest
    @ValueSource(strings = {"tokenizer-punctuation", "tokenizer-unk-only-added"})
    void givesTheLibrarysIds(String name) throws IOException {
        Path folder = Texts.root().resolve("model/src/test/resources/cases").resolve(name);
        Tokenizer tokenizer = Tokenizer.of(Files.readAllBytes(folder.resolve("tokenizer.json")));
        List<?> cases = (List<?>) Json.parse(Files.readAllBytes(folder.resolve("expected.json")), name);

        assertThat(cases).hasSizeGreaterThan(50);
        for (Object each : cases) {
            String text = (String) ((Map<?, ?>) each).get("text");
            List<?> ids = (List<?>) ((Map<?, ?>) each).get("ids");
            assertThat(tokenizer.encode(text, false))
                    .as(Parity.escape(text))
                    .containsExactly(
                            ids.stream().mapToInt(id -> ((Long) id).intValue()).toArray());
        }
    }

    /** Merges as lines of a file, its header among them, or as pairs. */
    @Test
    void mergesInEveryNotation() {
        byte[] lines = Shape.bytes().json();
        List<Object> merges = new ArrayList<>(
                Json.parsePublished(lines, "lines").object("model").list("merges"));
        List<Object> pairs = new ArrayList<>();
        for (Object merge : merges) {
            pairs.add(merge instanceof String line ? List.of((Object[]) line.split(" ")) : merge);
        }
        merges.replaceAll(merge -> merge instanceof List<?> pair ? pair.get(0) + " " + pair.get(1) : merge);
        merges.add(0, "#version: 0.2");
        byte[] headed = Shape.bytes().model("merges", merges).json();
        byte[] paired = Shape.bytes().model("merges", pairs).json();
        try (Reference reference = new Reference(headed)) {
            for (String text : Texts.some(List.of(), 60)) {
                int[] expected = reference.encode(text, false);
                assertThat(Tokenizer.of(headed).encode(text, false)).isEqualTo(expected);
                assertThat(Tokenizer.of(paired).encode(text, false)).isEqualTo(expected);
            }
        }
    }

    @Test
    void aByteOrderMarkAndUnreadNumbersDoNoHarm() {
        String json = new String(Shape.bytes().json(), StandardCharsets.UTF_8)
                .replace("\"truncation\":null", "\"truncation\":{\"max_length\":1" + "0".repeat(30) + "}");

        assertThat(Tokenizer.of(("\ufeff" + json).getBytes(StandardCharsets.UTF_8))
                        .encode("the", false))
                .isEqualTo(Tokenizer.of(Shape.bytes().json()).encode("the", false));
    }

    /** Every assigned character, where tables of characters differ between Unicode's versions. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'Punctuation','behavior':'Removed'}",
                "{'type':'Whitespace'}",
                "{'type':'Split','pattern':{'Regex':'\\\\w'},'behavior':'Removed','invert':false}",
                "{'type':'Split','pattern':{'Regex':'(?i:[a-eks])'},'behavior':'Removed','invert':false}"
            })
    void everyCharacterIsOfTheSameKind(String preTokenizer) {
        String json = "{'type':'Sequence','pretokenizers':[" + preTokenizer + "," + Shape.BYTE_LEVEL + "]}";
        try (Parity parity =
                new Parity(Shape.bytes().with("pre_tokenizer", json).json())) {
            for (String all : Texts.everyCharacter()) {
                StringBuilder text = new StringBuilder();
                all.codePoints().forEach(c -> text.append('x').appendCodePoint(c));
                parity.assertEncodes(text.append('x').toString(), false);
            }
        }
    }
}
