package dev.cleave.model.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cleave.model.ModelException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Arrays;
import java.util.Collections;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was measured for a bundle is never lost by preparing more of it. */
class MeasuredFilesTest {
    private static final Path HEARTH = Paths.get(System.getProperty("cleave.root"), "models", "hearth-5m");
    private static final byte[] QUALITY = {1, 2, 3};
    private static final byte[] CALIBRATION = {4, 5};

    @TempDir
    private Path folder;

    private Path target;

    @BeforeEach
    void measure() {
        target = folder.resolve("hearth");
        Bundle bundle = prepare(4);
        bundle = replace(bundle, Bundle.QUALITY, -1, QUALITY);
        replace(bundle, Bundle.CALIBRATION, 6, CALIBRATION);
    }

    @Test
    void otherWidthsKeepIt() {
        assertThat(prepare(4, 8).widths()).containsExactly(4, 8);
        isKept();
    }

    @Test
    void aDamagedBundleThatIsPreparedAgainKeepsIt() throws IOException {
        Files.delete(target.resolve("layer-003.q4.safetensors"));
        prepare(4);
        isKept();
    }

    /** As a kill leaves it between the two moves that put a new bundle in an old one's place. */
    @Test
    void aBundleThatAKillHasLeftAsideComesBack() throws IOException {
        Files.move(target, folder.resolve(".hearth.tmp-1"));
        prepare(4, 8);
        isKept();
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).containsExactly(target);
        }
        assertThat(target.resolve("preparing.lock")).doesNotExist();
    }

    @Test
    void anotherModelIsRefused() throws IOException {
        Path manifest = target.resolve("bundle.json");
        String text = new String(Files.readAllBytes(manifest), StandardCharsets.UTF_8);
        String hash = Bundle.open(target).modelHash();
        Files.write(
                manifest,
                text.replace(hash, String.join("", Collections.nCopies(64, "0")))
                        .getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() -> prepare(4, 8))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("holds another model, with 2 files of what was measured");
        isKept();
        assertThat(Bundle.open(target).widths()).containsExactly(4);
    }

    /** The second file cannot be written, because a folder has its name. */
    @Test
    void anAdditionThatFailsLeavesNothing() throws IOException {
        Bundle bundle = Bundle.open(target);
        Sha256 hash = new Sha256();
        hash.add(CALIBRATION);
        Path second = target.resolve("fresh-002." + hash.hex().substring(0, 12));
        Files.createDirectories(second.resolve("x"));

        assertThatThrownBy(() -> BundleAddition.replace(
                        bundle,
                        Bundle.CALIBRATION,
                        "fresh",
                        Arrays.asList(
                                new BundleAddition.Content(1, QUALITY), new BundleAddition.Content(2, CALIBRATION))))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("cannot be written");
        isKept();
        try (Stream<Path> files = Files.list(target)) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> name.contains("fresh")))
                    .containsExactly(second.getFileName().toString());
        }
    }

    private void isKept() {
        Bundle bundle = Bundle.open(target);
        bundle.verify();
        assertThat(bundle.quality().orElseThrow(AssertionError::new)).isEqualTo(QUALITY);
        assertThat(bundle.calibration(6).orElseThrow(AssertionError::new)).isEqualTo(CALIBRATION);
    }

    private Bundle prepare(Integer... widths) {
        return Preparation.prepare(PreparationOptions.of(HEARTH, target, Arrays.asList(widths)));
    }

    private static Bundle replace(Bundle bundle, String role, int layer, byte[] bytes) {
        return BundleAddition.replace(
                bundle, role, role, Collections.singletonList(new BundleAddition.Content(layer, bytes)));
    }
}
