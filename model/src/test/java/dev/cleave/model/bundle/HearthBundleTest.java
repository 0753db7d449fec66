package dev.cleave.model.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HearthBundleTest {
    private static final Path HEARTH = Paths.get(System.getProperty("cleave.root"), "models", "hearth-5m");

    @TempDir
    private Path folder;

    @Test
    void isPreparedAtAllWidthsAndOpensAgain() throws IOException {
        Bundle prepared = Preparation.prepare(
                PreparationOptions.of(HEARTH, folder.resolve("hearth"), Arrays.asList(16, 2, 8, 4)));
        Bundle bundle = Bundle.open(folder.resolve("hearth"));
        bundle.verify();

        assertThat(bundle.name()).isEqualTo("hearth");
        assertThat(bundle.widths()).containsExactly(2, 4, 8, 16);
        assertThat(bundle.modelHash()).isEqualTo(prepared.modelHash()).hasSize(64);
        assertThat(bundle.architecture().layers()).isEqualTo(12);
        assertThat(bundle.architecture().tied()).isTrue();
        assertThat(bundle.stopIds()).containsExactly(0);
        assertThat(bundle.bosText()).contains("<|end|>");
        assertThat(bundle.chatTemplate().orElseThrow()).startsWith("{% for m in messages %}");
        assertThat(bundle.files()).hasSize(4 + 12 * 4 + 1 + 3);
        for (BundleFile file : bundle.files()) {
            if (file.path().endsWith(".safetensors")) {
                assertThat(bundle.tensors(file).tensors()).isNotEmpty();
            }
        }
    }
}
