package dev.cleave.model.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Arrays;
import java.util.regex.Matcher;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder that has the files of one segment alone opens; what is missing is told when it is needed. */
class PartialBundleTest {
    private static final Path HEARTH = Paths.get(System.getProperty("cleave.root"), "models", "hearth-5m");
    private static final int SPLIT = 6;

    private static Bundle whole;

    @TempDir
    private Path part;

    @BeforeAll
    static void prepare(@TempDir Path folder) {
        whole = Preparation.prepare(PreparationOptions.of(HEARTH, folder.resolve("whole"), Arrays.asList(4, 8)));
    }

    @BeforeEach
    void copyTheFront() throws IOException {
        Files.copy(whole.folder().resolve("bundle.json"), part.resolve("bundle.json"));
        for (BundleFile file : whole.files()) {
            if (file.role().equals(Bundle.TOKENIZER) || file.bits() == 4 && file.layer() < SPLIT) {
                Files.copy(whole.path(file), part.resolve(file.path()));
            }
        }
    }

    @Test
    void itOpensAndGivesWhatIsThere() {
        Bundle bundle = Bundle.open(part);
        assertThat(bundle.tokenizerJson()).isEqualTo(whole.tokenizerJson());
        for (int layer = 0; layer < SPLIT; layer++) {
            assertThat(bundle.tensors(bundle.file("layer", 4, layer)).tensors()).isNotEmpty();
        }
        try (EmbeddingRows rows = new EmbeddingRows(bundle, 4)) {
            assertThat(rows).isNotNull();
        }
    }

    @Test
    void itSaysWhatIsMissing() {
        assertThat(whole.missing()).isEmpty();
        assertThat(Bundle.open(part).missing())
                .extracting(BundleFile::path)
                .contains("layer-006.q4.safetensors", "layer-000.q8.safetensors", "norm.safetensors")
                .doesNotContain("layer-005.q4.safetensors", "tokenizer.json");
    }

    @Test
    void whatIsMissingIsNamedWhenItIsNeeded() {
        Bundle bundle = Bundle.open(part);
        BundleFile file = bundle.file("layer", 4, SPLIT);
        assertThatThrownBy(() -> bundle.tensors(file))
                .hasMessageContaining(part.resolve("layer-006.q4.safetensors") + ": is missing")
                .hasMessageContaining("Copy layer-006.q4.safetensors (" + file.bytes() + " bytes)")
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.reason()).isEqualTo(Reason.DAMAGED_BUNDLE));
        assertThatThrownBy(bundle::verify).hasMessageContaining("is missing");
        assertThatThrownBy(() -> bundle.require(bundle.files())).hasMessageContaining("is missing");
        assertThatThrownBy(() -> new EmbeddingRows(bundle, 8)).hasMessageContaining("embedding.q8.safetensors");
    }

    @Test
    void whatIsThereButCutShortDoesNotOpen() throws IOException {
        Files.write(part.resolve("layer-002.q4.safetensors"), new byte[1000]);
        assertThatThrownBy(() -> Bundle.open(part)).hasMessageContaining("has 1000 bytes");
    }

    @Test
    void aFileWithoutItsTargetIsNotTakenForMissing() throws IOException {
        Files.createSymbolicLink(part.resolve("norm.safetensors"), part.resolve("nowhere"));
        assertThatThrownBy(() -> Bundle.open(part)).hasMessageContaining("norm.safetensors");
    }

    /** What a later version puts into a bundle is no reason to refuse it. */
    @Test
    void rolesThatNobodyKnowsArePassedOver() throws IOException {
        Path manifest = part.resolve("bundle.json");
        String text = new String(Files.readAllBytes(manifest), StandardCharsets.UTF_8);
        String entry = "\"files\": [ { \"role\": \"speech\", \"version\": 3, \"path\": \"speech.bin\", \"sha256\": \""
                + whole.modelHash() + "\", \"bytes\": 7 }, ";
        Files.write(
                manifest,
                text.replaceFirst("\"files\"\\s*:\\s*\\[", Matcher.quoteReplacement(entry))
                        .getBytes(StandardCharsets.UTF_8));
        Bundle bundle = Bundle.open(part);
        assertThat(bundle.files().get(0).role()).isEqualTo("speech");
        assertThat(bundle.tensors(bundle.file("layer", 4, 0)).tensors()).isNotEmpty();
    }
}
