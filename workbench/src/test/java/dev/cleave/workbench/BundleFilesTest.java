package dev.cleave.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleave.edge.ExitCode;
import dev.cleave.model.bundle.Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder that has some of a bundle's files, and one to which a preparation adds. */
class BundleFilesTest {
    @TempDir
    private Path home;

    private Path bundle;
    private Commands commands;

    @BeforeEach
    void prepare() {
        Commands.prepareHearth(home, "--bits=4,8");
        bundle = home.resolve("models/hearth-5m");
        commands = new Commands(home);
    }

    @Test
    void whatIsMissingIsListedAndToldWhenItIsNeeded() throws IOException {
        for (int layer = 6; layer < 12; layer++) {
            Files.delete(bundle.resolve(String.format("layer-%03d.q8.safetensors", layer)));
        }
        Files.delete(bundle.resolve("layer-002.q8.safetensors"));

        assertThat(commands.run("models")).as(commands.err()).isZero();
        assertThat(commands.out()).contains("  ok  without layer.q8 2,6..11");
        assertThat(commands.run("models", "--json")).isZero();
        assertThat(commands.json().element("models", 0).list("missing")).hasSize(7);
        assertThat(commands.run("run", "--split=12", "--front-bits=8", "Hi"))
                .isEqualTo(ExitCode.DAMAGED_BUNDLE.number());
        assertThat(commands.err()).contains("layer-002.q8.safetensors: is missing", "Copy layer-002.q8.safetensors");
        assertThat(commands.run("run", "--split=12", "--front-bits=4", "--max-tokens=1", "Hi"))
                .as("the other width is whole")
                .isZero();
    }

    @Test
    void aPreparationAddsAndMakesWhatIsMissing() throws IOException {
        Files.delete(bundle.resolve("layer-002.q8.safetensors"));
        assertThat(commands.run("prepare", "--bits=2", Commands.HEARTH.toString()))
                .as(commands.err())
                .isZero();
        assertThat(commands.err()).contains("keeps its widths [4]");
        assertThat(Bundle.open(bundle).widths()).isEqualTo(List.of(2, 4, 8));
        assertThat(commands.run("models")).isZero();
        assertThat(commands.out()).contains("  ok").doesNotContain("without");
    }

    @Test
    void anotherModelIsReplacedByForceAlone() throws IOException {
        Path manifest = bundle.resolve("bundle.json");
        String hash = Bundle.open(bundle).modelHash();
        Files.writeString(manifest, Files.readString(manifest).replace(hash, "0".repeat(64)));

        assertThat(commands.run("prepare", "--bits=8", Commands.HEARTH.toString()))
                .isEqualTo(ExitCode.WRITE_FAILED.number());
        assertThat(commands.err()).contains("holds another model", "--out", "--force");
        assertThat(Bundle.open(bundle).widths()).isEqualTo(List.of(4, 8));

        assertThat(commands.run("prepare", "--bits=8", "--force", Commands.HEARTH.toString()))
                .isZero();
        assertThat(Bundle.open(bundle).modelHash()).isEqualTo(hash);
        assertThat(Bundle.open(bundle).widths()).isEqualTo(List.of(8));
    }
}
