package dev.cleave.model.bundle;

import dev.cleave.model.ModelException;
import dev.cleave.model.json.Json;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The bundle that is where another is to be put. What was measured took long and belongs to the model, not to its widths; and
 * whoever prepares one width has not asked to lose the others: both outlive a preparation of the same model.
 */
final class EarlierBundle {
    private final Path folder;
    private final BundleManifest manifest;

    private EarlierBundle(Path folder, BundleManifest manifest) {
        this.folder = folder;
        this.manifest = manifest;
    }

    /** Returns the bundle in a folder, where there is one that somebody can read. */
    static Optional<EarlierBundle> find(Path folder) {
        if (!Bundle.isBundle(folder)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new EarlierBundle(
                    folder,
                    BundleManifest.read(
                            Json.readObject(folder.resolve(BundleManifest.FILE), BundleManifest.MAX_BYTES))));
        } catch (ModelException e) {
            return Optional.empty();
        }
    }

    String modelHash() {
        return manifest.modelHash();
    }

    List<Integer> widths() {
        return manifest.widths();
    }

    /**
     * Returns the widths of which every file is there and what the bundle states.
     *
     * @param quantizer that the files must be made by
     * @param except widths that are not looked at
     */
    Set<Integer> wholeWidths(List<ModelPart> parts, String quantizer, List<Integer> except) {
        Set<Integer> whole = new TreeSet<>();
        if (!manifest.quantizer().equals(quantizer)) {
            return whole;
        }
        for (int width : manifest.widths()) {
            if (!except.contains(width)
                    && parts.stream()
                            .filter(ModelPart::hasWidths)
                            .allMatch(part ->
                                    file(part, width).filter(this::isWhole).isPresent())) {
                whole.add(width);
            }
        }
        return whole;
    }

    /** Takes the file of a part over into another folder. */
    BundleFile keep(ModelPart part, int width, Path into) {
        BundleFile file = file(part, width).orElseThrow(IllegalStateException::new);
        take(file, into);
        return file;
    }

    /** Takes over what was measured; of a damaged bundle, which is prepared anew, the files that are what it states. */
    List<BundleFile> keepMeasured(Path into) {
        List<BundleFile> kept = new ArrayList<>();
        for (BundleFile file : manifest.files()) {
            boolean measured =
                    file.role().equals(Bundle.CALIBRATION) || file.role().equals(Bundle.QUALITY);
            if (measured && isWhole(file)) {
                take(file, into);
                kept.add(file);
            }
        }
        return kept;
    }

    private Optional<BundleFile> file(ModelPart part, int width) {
        return manifest.files().stream()
                .filter(file -> file.role().equals(part.role())
                        && file.version() == Bundle.ROLE_VERSION
                        && file.bits() == width
                        && file.layer() == part.layer()
                        && file.path().equals(part.fileName(width)))
                .findFirst();
    }

    private boolean isWhole(BundleFile file) {
        try {
            return Sha256.of(folder.resolve(file.path())).equals(file.sha256());
        } catch (IOException e) {
            return false;
        }
    }

    private void take(BundleFile file, Path into) {
        Path from = folder.resolve(file.path());
        Path to = into.resolve(file.path());
        try {
            try {
                // The same file under a second name: no second copy of gigabytes, and it stays when the first is
                // removed.
                Files.createLink(to, from);
            } catch (FileAlreadyExistsException e) {
                throw e;
            } catch (IOException | UnsupportedOperationException e) {
                Files.copy(from, to);
            }
        } catch (IOException e) {
            throw WriteFailure.of(to, file.bytes(), e);
        }
    }
}
