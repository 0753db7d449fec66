package dev.cleave.model.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import dev.cleave.model.checkpoint.TestCheckpoint;
import dev.cleave.model.json.Json;
import dev.cleave.model.json.JsonObject;
import dev.cleave.model.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checkpoints as users have them: the files of {@code cases} laid over a whole one. */
class UserCheckpointsTest {
    private static final Path ROOT = Path.of(System.getProperty("cleave.root"));
    private static final Path CASES = ROOT.resolve("model/src/test/resources/cases");

    @TempDir
    private Path folder;

    private final List<String> notes = new ArrayList<>();

    private Path hearth(String name) throws IOException {
        Path checkpoint = copy(ROOT.resolve("models/hearth-5m"), folder.resolve("checkpoint"));
        return name == null ? checkpoint : copy(CASES.resolve(name), checkpoint);
    }

    private static Path copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, to.resolve(file.getFileName()), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            }
        }
        return to;
    }

    private Bundle prepare(Path checkpoint) {
        PreparationProgress listener = new PreparationProgress() {
            @Override
            public void advanced(long done, long total, String what) {}

            @Override
            public void note(String text) {
                notes.add(text);
            }
        };
        return Preparation.prepare(PreparationOptions.of(checkpoint, folder.resolve("bundle"), List.of(8))
                .withProgress(listener));
    }

    private void refused(Path checkpoint, Reason reason, String... told) {
        assertThatExceptionOfType(ModelException.class)
                .isThrownBy(() -> prepare(checkpoint))
                .withMessageContainingAll(told)
                .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
        assertThat(folder.resolve("bundle")).doesNotExist();
    }

    /** Returns a checkpoint of random weights with the shapes that a case's configuration states, its head tied. */
    private Path random(String name) {
        TestCheckpoint checkpoint = new TestCheckpoint();
        JsonObject config = Json.readObject(CASES.resolve(name).resolve("config.json"), 1 << 20);
        checkpoint.config.clear();
        checkpoint.config.putAll(config.fields());
        new ArrayList<>(checkpoint.shapes.keySet()).forEach(checkpoint::remove);
        long d = config.integer("hidden_size", 1, 1000);
        long inner = config.integer("intermediate_size", 1, 1000);
        long kv = config.integer("num_key_value_heads", 1, 99) * config.integer("head_dim", 1, 99);
        checkpoint.add("model.embed_tokens.weight", config.integer("vocab_size", 1, 1000), d);
        checkpoint.add("model.norm.weight", d);
        for (int layer = 0; layer < config.integer("num_hidden_layers", 1, 10); layer++) {
            String prefix = "model.layers." + layer + ".";
            checkpoint.add(prefix + "input_layernorm.weight", d);
            checkpoint.add(prefix + "self_attn.q_proj.weight", d, d);
            checkpoint.add(prefix + "self_attn.k_proj.weight", kv, d);
            checkpoint.add(prefix + "self_attn.v_proj.weight", kv, d);
            checkpoint.add(prefix + "self_attn.o_proj.weight", d, d);
            checkpoint.add(prefix + "post_attention_layernorm.weight", d);
            checkpoint.add(prefix + "mlp.gate_proj.weight", inner, d);
            checkpoint.add(prefix + "mlp.up_proj.weight", inner, d);
            checkpoint.add(prefix + "mlp.down_proj.weight", d, inner);
        }
        return checkpoint.write(folder.resolve("checkpoint"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"config-infinity", "config-model-max-length", "config-no-architectures"})
    void thoseAreTheSameModel(String name) throws IOException {
        Bundle plain = Preparation.prepare(PreparationOptions.of(hearth(null), folder.resolve("plain"), List.of(8)));
        Bundle bundle = prepare(hearth(name));

        assertThat(bundle.architecture()).isEqualTo(plain.architecture());
        assertThat(bundle.stopIds()).containsExactly(0);
        assertThat(bundle.tokenizerJson()).isEqualTo(plain.tokenizerJson());
        assertThat(notes).isEmpty();
    }

    @Test
    void ropeScalingBesideRopeParameters() {
        refused(random("config-rope-two-names"), Reason.UNSUPPORTED, "config.json: field rope_scaling", "linear");
    }

    @Test
    void anUntiedModelWithoutHead() {
        refused(
                random("config-untied-without-head"),
                Reason.MALFORMED,
                "config.json: field tie_word_embeddings: false",
                "lm_head.weight [512, 64]",
                "set tie_word_embeddings to true");
    }

    @Test
    void aPointerInPlaceOfTheWeights() throws IOException {
        refused(
                hearth("lfs-pointer-weights"),
                Reason.MALFORMED,
                "model.safetensors: is a Git LFS pointer",
                "1048576 bytes",
                "git lfs pull");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tokenizer.json", "tokenizer_config.json", "generation_config.json"})
    void aPointerOrAPageInPlaceOfAnotherFile(String name) throws IOException {
        Path checkpoint = hearth(null);
        Files.writeString(checkpoint.resolve(name), "version https://git-lfs.github.com/spec/v1\nsize 5\n");
        refused(checkpoint, Reason.MALFORMED, name + ": is a Git LFS pointer", "git lfs pull");
        Files.writeString(checkpoint.resolve(name), "<html>404</html>");
        refused(checkpoint, Reason.MALFORMED, name + ": is an HTML");
        Files.writeString(checkpoint.resolve(name), "Entry not found");
        refused(checkpoint, Reason.MALFORMED, name + ": line 1, column", "Entry");
    }

    @Test
    void tokenizersOfOtherKinds() throws IOException {
        Path checkpoint = hearth(null);
        Files.move(checkpoint.resolve("tokenizer.json"), checkpoint.resolve("tokenizer.model"));
        refused(checkpoint, Reason.NOT_A_CHECKPOINT, "tokenizer.json: no such file", "AutoTokenizer");
    }

    @Test
    void anEndTokenThatOnlyTheTokenizerNames() throws IOException {
        Path checkpoint = hearth("stop-token-of-the-tokenizer");
        Files.delete(checkpoint.resolve("generation_config.json"));

        assertThat(prepare(checkpoint).stopIds()).containsExactly(0);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '~', textBlock = """
            "<|user|>"                  ; [0, 1]
            {"content":"<|user|>"}      ; [0, 1]
            "<|end|>"                   ; [0]
            "no such token"             ; [0]
            null                        ; [0]
            """)
    void theTokenizersEndTokenIsOneMore(String token, String ends) throws IOException {
        Path checkpoint = hearth(null);
        Files.writeString(checkpoint.resolve("tokenizer_config.json"), "{\"eos_token\":" + token + "}");

        assertThat(prepare(checkpoint).stopIds().toString()).isEqualTo(ends);
    }

    @Test
    void addedTokensBeyondTheEmbedding() throws IOException {
        Tokenizer plain = Tokenizer.of(Files.readAllBytes(hearth(null).resolve("tokenizer.json")));
        Tokenizer tokenizer =
                Tokenizer.of(prepare(hearth("token-beyond-embedding")).tokenizerJson());

        assertThat(notes).singleElement().asString().contains("\"[PAD]\" (2048), \"<tool_call>\" (2049)", "0..2047");
        assertThat(tokenizer.vocabularySize()).isEqualTo(2048);
        for (String text : List.of("x <tool_call> y", "[PAD]", "<|end|>[PAD]<|user|>")) {
            assertThat(tokenizer.encode(text, true)).isEqualTo(plain.encode(text, true));
        }
    }

    @Test
    void tokensOfTheVocabularyBeyondTheEmbedding() throws IOException {
        TestCheckpoint checkpoint = new TestCheckpoint(2000);
        Path small = checkpoint.write(folder.resolve("checkpoint"));
        Files.copy(ROOT.resolve("models/hearth-5m/tokenizer.json"), small.resolve("tokenizer.json"));
        Tokenizer whole = Tokenizer.of(Files.readAllBytes(small.resolve("tokenizer.json")));
        Tokenizer tokenizer = Tokenizer.of(prepare(small).tokenizerJson());

        assertThat(notes).singleElement().asString().contains("for 48 of the tokens");
        String text = Files.readString(ROOT.resolve("models/hearth-5m/README.md"))
                + whole.decode(IntStream.range(2000, 2048).toArray(), false);
        assertThat(Arrays.stream(whole.encode(text, false))).anyMatch(id -> id >= 2000);
        assertThat(Arrays.stream(tokenizer.encode(text, false))).allMatch(id -> id < 2000);
        assertThat(tokenizer.decode(tokenizer.encode(text, false), false)).isEqualTo(text);
    }

    @Test
    void aTokenBeyondTheEmbeddingRoundEveryText() throws IOException {
        Path checkpoint = hearth("token-beyond-embedding");
        Path file = checkpoint.resolve("tokenizer.json");
        String template = "\"post_processor\":{\"type\":\"BertProcessing\",\"sep\":[\"[PAD]\",2048],\"cls\":[\"a\",1]}";
        Files.writeString(file, Files.readString(file).replaceFirst("\"post_processor\": ?null", template));

        refused(checkpoint, Reason.UNSUPPORTED, "tokenizer.json: field post_processor", "2048");
    }

    @Test
    void tokensThatOnlyTheTokenizersConfigurationAdds() throws IOException {
        Path checkpoint = hearth(null);
        Files.writeString(checkpoint.resolve("tokenizer_config.json"), """
                {"added_tokens_decoder": {
                   "1": {"content": "<|user|>", "special": false, "normalized": false},
                   "300": {"content": "in", "special": false, "normalized": false}},
                 "pad_token": "<pad>", "additional_special_tokens": ["\\u0120the"]}
                """);
        Tokenizer plain = Tokenizer.of(Files.readAllBytes(checkpoint.resolve("tokenizer.json")));
        Tokenizer tokenizer = Tokenizer.of(prepare(checkpoint).tokenizerJson());
        int in = plain.id("in").orElseThrow();

        assertThat(tokenizer.encode("ing", false)).contains(in);
        assertThat(plain.encode("ing", false)).doesNotContain(in);
        assertThat(tokenizer.specialTokens()).contains("\u0120the").doesNotContain("<pad>");
        assertThat(notes)
                .anyMatch(note -> note.contains("\"in\" gets the id " + in))
                .anyMatch(note -> note.contains("\"<pad>\" (2048)"));
    }
}
