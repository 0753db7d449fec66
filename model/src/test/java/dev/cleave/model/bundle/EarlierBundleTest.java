package dev.cleave.model.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cleave.model.ModelException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was measured for a bundle, and the widths that it has, are never lost by preparing more of it. */
class EarlierBundleTest {
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
    void anotherWidthIsAdded() throws IOException {
        Map<String, String> before = hashes(Bundle.open(target));
        Object layer = Files.readAttributes(target.resolve("layer-003.q4.safetensors"), BasicFileAttributes.class)
                .fileKey();

        Bundle bundle = prepare(8);

        assertThat(bundle.widths()).containsExactly(4, 8);
        isKept();
        assertThat(hashes(bundle)).containsAllEntriesOf(before);
        assertThat(Files.readAttributes(target.resolve("layer-003.q4.safetensors"), BasicFileAttributes.class)
                        .fileKey())
                .as("taken over, not made again")
                .isEqualTo(layer);
        Bundle atOnce =
                Preparation.prepare(PreparationOptions.of(HEARTH, folder.resolve("at-once"), Arrays.asList(4, 8)));
        assertThat(weights(bundle)).isEqualTo(weights(atOnce));
    }

    @Test
    void anAddedWidthLeavesNoWidthDamaged() throws IOException {
        Files.delete(target.resolve("layer-003.q4.safetensors"));
        Files.write(target.resolve("embedding.q4.safetensors"), new byte[] {1});
        Bundle bundle = prepare(8);
        assertThat(bundle.widths()).containsExactly(4, 8);
        assertThat(bundle.missing()).isEmpty();
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
    void anotherModelIsRefusedUnlessItIsToBeReplaced() throws IOException {
        Path manifest = target.resolve("bundle.json");
        String text = new String(Files.readAllBytes(manifest), StandardCharsets.UTF_8);
        String hash = Bundle.open(target).modelHash();
        String other = String.join("", Collections.nCopies(64, "0"));
        Files.write(manifest, text.replace(hash, other).getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() -> prepare(8))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("holds another model (0000000000000000, not " + hash.substring(0, 16))
                .hasMessageContaining("--force");
        isKept();
        assertThat(Bundle.open(target).widths()).containsExactly(4);
        assertThat(Bundle.open(target).modelHash()).isEqualTo(other);

        Bundle replaced = Preparation.prepare(PreparationOptions.of(HEARTH, target, Collections.singletonList(8))
                .withReplaceOther(true));
        assertThat(replaced.widths()).containsExactly(8);
        assertThat(replaced.modelHash()).isEqualTo(hash);
        assertThat(replaced.quality()).isEmpty();
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

    private static Map<String, String> hashes(Bundle bundle) {
        return bundle.files().stream().collect(Collectors.toMap(BundleFile::path, BundleFile::sha256));
    }

    /** In the order of the bundle, which tells evaluations apart. */
    private static List<BundleFile> weights(Bundle bundle) {
        return bundle.files().stream().filter(file -> file.bits() > 0).collect(Collectors.toList());
    }

    private Bundle prepare(Integer... widths) {
        return Preparation.prepare(PreparationOptions.of(HEARTH, target, Arrays.asList(widths)));
    }

    private static Bundle replace(Bundle bundle, String role, int layer, byte[] bytes) {
        return BundleAddition.replace(
                bundle, role, role, Collections.singletonList(new BundleAddition.Content(layer, bytes)));
    }
}
