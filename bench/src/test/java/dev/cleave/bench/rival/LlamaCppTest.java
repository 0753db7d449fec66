package dev.cleave.bench.rival;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleave.model.Architecture;
import dev.cleave.model.Rope;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A rival that does not run the shape it is given would flatter us. */
@Timeout(120)
class LlamaCppTest {
    private static final Architecture SHAPE =
            new Architecture("llama", 2, 256, 8, 2, 32, 512, 1000, 512, 1e-5f, new Rope.Plain(10_000), false, false);

    @ParameterizedTest
    @EnumSource(GgufFile.Format.class)
    void llamaCppReadsTheFileAndGenerates(GgufFile.Format format, @TempDir Path folder) throws Exception {
        Path file = folder.resolve("random.gguf");
        GgufFile.write(file, SHAPE, format);
        long matrices = 2L * (256 * (256 + 128 + 256 + 3 * 512)) + 2 * 256 * 1000;
        assertThat(Files.size(file)).isBetween(format.bytes(matrices), format.bytes(matrices) + 100_000);

        try (LlamaCpp rival = new LlamaCpp(file, 1, 256)) {
            assertThat(rival.prefillSeconds(64)).isPositive();
            assertThat(rival.decodeSeconds(16)).isPositive();
        }
    }
}
