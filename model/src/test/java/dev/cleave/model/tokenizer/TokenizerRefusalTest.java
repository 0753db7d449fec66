package dev.cleave.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a tokenizer is not read from, and what is said about it. */
class TokenizerRefusalTest {
    private static void assertRefused(byte[] json, Reason reason, String... told) {
        assertThatThrownBy(() -> Tokenizer.of(json))
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.reason()).isEqualTo(reason))
                .hasMessageStartingWith("tokenizer.json")
                .hasMessageContainingAll(told);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            normalizer     | {'type':'Precompiled','precompiled_charsmap':''} | normalizer: type Precompiled
            normalizer     | {'type':'BertNormalizer'} | BertNormalizer
            normalizer     | {'type':'StripAccents'} | StripAccents
            pre_tokenizer  | {'type':'UnicodeScripts'} | pre_tokenizer: type UnicodeScripts
            pre_tokenizer  | {'type':'Sequence','pretokenizers':[{'type':'Digits'},{'type':'FixedLength'}]} | pre_tokenizer.pretokenizers[1]: type FixedLength
            pre_tokenizer  | {'type':'Split','pattern':{'Regex':'\\\\X+'},'behavior':'Isolated','invert':false} | \\X
            pre_tokenizer  | {'type':'Split','pattern':{'Regex':'(?i:st)'},'behavior':'Isolated','invert':false} | one character may stand for
            pre_tokenizer  | {'type':'Split','pattern':{'Regex':'[a&&b]'},'behavior':'Isolated','invert':false} | set within a set
            pre_tokenizer  | {'type':'Split','pattern':{'Regex':'\\\\p{Emoji}'},'behavior':'Isolated','invert':false} | \\p{Emoji}
            pre_tokenizer  | {'type':'Split','pattern':{'Regex':'(?<n>a)'},'behavior':'Isolated','invert':false} | (?<n>
            pre_tokenizer  | {'type':'Split','pattern':{'Regex':'(?i:é)'},'behavior':'Isolated','invert':false} | beyond ASCII
            pre_tokenizer  | {'type':'Split','pattern':{'Regex':'a'},'behavior':'Sideways','invert':false} | Sideways
            post_processor | {'type':'PairProcessing'} | post_processor: type PairProcessing
            decoder        | {'type':'WordPiece'} | decoder: type WordPiece
            """)
    void unsupportedComponents(String component, String json, String told) {
        assertRefused(Shape.bytes().with(component, json).json(), Reason.UNSUPPORTED, told, "not supported");
    }

    @ParameterizedTest
    @CsvSource({"dropout, 0.1", "continuing_subword_prefix, ##", "end_of_word_suffix, </w>"})
    void unsupportedSettings(String field, String value) {
        Object set = field.equals("dropout") ? (Object) Double.valueOf(value) : value;

        assertRefused(Shape.bytes().model(field, set).json(), Reason.UNSUPPORTED, "model: " + field + " = " + value);
    }

    @Test
    void anotherModel() {
        assertRefused(Shape.bytes().model("type", "Unigram").json(), Reason.UNSUPPORTED, "Unigram", "BPE");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            pre_tokenizer | {'type':'Split','pattern':{'Regex':'(a'},'behavior':'Isolated','invert':false} | parenthesis
            pre_tokenizer | {'type':'Split','pattern':{'Regex':'a)'},'behavior':'Isolated','invert':false} | parenthesis
            pre_tokenizer | {'type':'Split','pattern':{'Regex':'[a'},'behavior':'Isolated','invert':false} | bracket
            pre_tokenizer | {'type':'Split','pattern':{'Regex':'*'},'behavior':'Isolated','invert':false} | not valid
            pre_tokenizer | {'type':'Metaspace','replacement':'ab'} | pre_tokenizer.replacement
            decoder       | {'type':'Strip','content':' ','start':-1,'stop':0} | decoder.start
            decoder       | [] | decoder
            normalizer    | {} | normalizer.type
            """)
    void malformedComponents(String component, String json, String told) {
        assertRefused(Shape.bytes().with(component, json).json(), Reason.MALFORMED, told);
    }

    @Test
    void malformedModels() {
        assertRefused("{".getBytes(StandardCharsets.UTF_8), Reason.MALFORMED, "not valid JSON");
        assertRefused("{}".getBytes(StandardCharsets.UTF_8), Reason.MALFORMED, "model");
        assertRefused(Shape.bytes().model("merges", List.of("a b c")).json(), Reason.MALFORMED, "model.merges[0]");
        assertRefused(
                Shape.bytes().model("merges", List.of("a no")).json(), Reason.MALFORMED, "model.merges[0]", "\"ano\"");
        assertRefused(
                Shape.bytes()
                        .model("vocab", Map.of("a", 2_000_000_000L))
                        .model("merges", List.of())
                        .json(),
                Reason.MALFORMED,
                "model.vocab",
                "2000000000");
        assertRefused(
                Shape.bytes()
                        .model("vocab", Map.of("a", -1L))
                        .model("merges", List.of())
                        .json(),
                Reason.MALFORMED,
                "model.vocab",
                "-1");
    }

    /** As in the library, which looks it up when it needs it. */
    @Test
    void anUnknownTokenThatIsNoTokenMattersOnceACharacterIsUnknown() {
        Tokenizer tokenizer =
                Tokenizer.of(Shape.characters(0).model("unk_token", "<nowhere>").json());

        assertThat(tokenizer.encode("the", false)).isNotEmpty();
        assertThatThrownBy(() -> tokenizer.encode("\u0436", false))
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNSUPPORTED))
                .hasMessageContainingAll("U+0436", "unk_token", "<nowhere>");
    }
}
