package dev.cleave.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What folders hold in place of a whole checkpoint. */
class CheckpointFolderTest {
    private static final String POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 4711\n";

    @TempDir
    private Path folder;

    private TestCheckpoint checkpoint;

    @BeforeEach
    void write() {
        checkpoint = new TestCheckpoint();
        checkpoint.write(folder);
    }

    private void refused(Reason reason, String... told) {
        assertThatExceptionOfType(ModelException.class)
                .isThrownBy(() -> Checkpoint.open(folder).close())
                .withMessageStartingWith(folder.toString())
                .withMessageContainingAll(told)
                .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
    }

    private void put(String name, String text) {
        TestCheckpoint.writeText(folder.resolve(name), text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private void remove(String name) throws IOException {
        Files.delete(folder.resolve(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"config.json", "model.safetensors"})
    void aFileThatIsSomethingElse(String name) {
        put(name, POINTER);
        refused(Reason.MALFORMED, name + ": is a Git LFS pointer of 67 bytes", "4711 bytes", "git lfs pull");
        put(name, "\n<!DOCTYPE html><html><body>Sign in</body></html>");
        refused(Reason.MALFORMED, name + ": is an HTML or XML page", "access token");
        put(name, "");
        refused(Reason.MALFORMED, name + ": is empty", "complete");
        put(name, "\u001f\u008b0123456789");
        refused(Reason.MALFORMED, name, "gzip");
        put(name, "\u0000".repeat(5000));
        refused(Reason.MALFORMED, name, "zero bytes");
        put(name, "Invalid username or password.");
        refused(Reason.MALFORMED, name, "Invalid");
    }

    @ParameterizedTest
    @CsvSource({"'PK\u0003\u0004', pickle", "'\u0080\u0002}q', pickle", "GGUF, GGUF"})
    void weightsOfAnotherFormatUnderTheName(String begin, String told) {
        put("model.safetensors", begin + "0".repeat(100));
        refused(Reason.MALFORMED, "model.safetensors", told);
    }

    @Test
    void weightsThatAreCutOff() throws IOException {
        byte[] whole = Files.readAllBytes(folder.resolve("model.safetensors"));
        TestCheckpoint.writeText(folder.resolve("model.safetensors"), java.util.Arrays.copyOf(whole, whole.length - 9));
        refused(Reason.MALFORMED, "cut off at " + (whole.length - 9) + " bytes");
    }

    @Test
    void weightsOfOtherNamesAndKinds() throws IOException {
        remove("model.safetensors");
        refused(Reason.NOT_A_CHECKPOINT, "neither model.safetensors nor model.safetensors.index.json");
        put("tf_model.h5", "x");
        refused(Reason.NOT_A_CHECKPOINT, "another framework", "tf_model.h5");
        put("model.fp16.safetensors", "x");
        refused(Reason.NOT_A_CHECKPOINT, "safetensors of other names (model.fp16.safetensors)");
        put("model.Q4_K_M.gguf", "x");
        refused(Reason.NOT_A_CHECKPOINT, "GGUF");
        put("adapter_model.safetensors", "x");
        refused(Reason.NOT_A_CHECKPOINT, "PEFT adapter", "merge_and_unload");
        put("pytorch_model.bin", "x");
        refused(Reason.NOT_A_CHECKPOINT, "pickle", "pytorch_model.bin", "save_pretrained");
    }

    @Test
    void foldersWithoutConfiguration() throws IOException {
        remove("config.json");
        refused(Reason.NOT_A_CHECKPOINT, "no config.json", "model.safetensors");
        put("params.json", "{}");
        refused(Reason.NOT_A_CHECKPOINT, "author's own layout");
        put("x.gguf", "x");
        refused(Reason.NOT_A_CHECKPOINT, "GGUF");
        put("adapter_config.json", "{}");
        refused(Reason.NOT_A_CHECKPOINT, "PEFT adapter");
        Path inner = Files.createDirectories(folder.resolve("snapshots/abc"));
        checkpoint.write(inner);
        refused(Reason.NOT_A_CHECKPOINT, "Name the folder within: " + inner);
    }

    @Test
    void aFileInPlaceOfTheFolder() {
        put("model.gguf", "GGUF");
        assertThatExceptionOfType(ModelException.class)
                .isThrownBy(() -> Checkpoint.open(folder.resolve("model.gguf")))
                .withMessageContainingAll("model.gguf: is a file in GGUF format", "Hugging Face folder");
    }

    @Test
    void shardsThatAreMissingAreAllNamed() throws IOException {
        remove("model.safetensors");
        checkpoint.writeInFiles(folder, 4);
        remove(TestCheckpoint.partName(1));
        remove(TestCheckpoint.partName(3));
        refused(
                Reason.MALFORMED,
                "of the 4 files",
                "2 are missing: " + TestCheckpoint.partName(1) + ", " + TestCheckpoint.partName(3));
        put(TestCheckpoint.partName(1), POINTER);
        put(TestCheckpoint.partName(3), POINTER);
        refused(Reason.MALFORMED, "Git LFS pointer");
    }

    @ParameterizedTest
    @ValueSource(strings = {"quantize_config.json", "quant_config.json"})
    void filesThatSayHowItWasQuantized(String name) {
        put(name, "{}");
        refused(Reason.UNSUPPORTED, name, "already quantized by ");
    }

    @ParameterizedTest
    @CsvSource({
        "self_attn.q_proj.qweight, gptq or awq",
        "self_attn.q_proj.g_idx, gptq",
        "self_attn.q_proj.weight_packed, compressed-tensors",
        "self_attn.q_proj.weight_scale_inv, fp8",
        "self_attn.q_proj.weight.absmax, bitsandbytes",
        "self_attn.q_proj.lora_A.weight, LoRA"
    })
    void tensorsThatTellOfAnotherKindOfCheckpoint(String tensor, String told) {
        checkpoint.add("model.layers.0." + tensor, 4);
        checkpoint.write(folder);
        refused(Reason.UNSUPPORTED, tensor, told);
    }

    @Test
    void anUntiedHeadThatIsAbsent() {
        checkpoint.remove(TensorNames.HEAD);
        checkpoint.write(folder);
        refused(Reason.MALFORMED, "config.json: field tie_word_embeddings: false", "set tie_word_embeddings to true");
        checkpoint.config.put("tie_word_embeddings", true);
        checkpoint.write(folder);
        try (Checkpoint opened = Checkpoint.open(folder)) {
            assertThat(opened.architecture().tied()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'', lm_head.weight",
        "'', ''",
        "model.model., model.lm_head.weight",
        "_orig_mod.model., _orig_mod.lm_head.weight",
        "language_model.model., language_model.lm_head.weight",
        "model.language_model., lm_head.weight"
    })
    void tensorsUnderAnotherPrefix(String prefix, String head) {
        TestCheckpoint renamed = new TestCheckpoint();
        for (String name : new ArrayList<>(checkpoint.shapes.keySet())) {
            renamed.remove(name);
            String other = name.equals(TensorNames.HEAD) ? head : prefix + name.substring("model.".length());
            if (!other.isEmpty()) {
                renamed.shapes.put(other, checkpoint.shapes.get(name));
                renamed.values.put(other, checkpoint.values.get(name));
            }
        }
        renamed.config.put("tie_word_embeddings", head.isEmpty());
        renamed.write(folder);
        try (Checkpoint opened = Checkpoint.open(folder)) {
            assertThat(opened.tensorNames()).contains("model.layers.1.mlp.down_proj.weight", "model.norm.weight");
            assertThat(opened.tensor("model.norm.weight").name()).isEqualTo(prefix + "norm.weight");
        }
    }

    @Test
    void twoLanguageModelsInOneCheckpoint() {
        checkpoint.add("draft.embed_tokens.weight", 50, 64);
        checkpoint.write(folder);
        refused(Reason.UNSUPPORTED, "model.embed_tokens.weight", "draft.embed_tokens.weight");
    }
}
