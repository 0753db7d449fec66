package dev.cleave.model.bundle;

import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import dev.cleave.model.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What was measured for a bundle: it took long, belongs to the model and not to its widths, and outlives a preparation. */
final class MeasuredFiles {
    private MeasuredFiles() {}

    /**
     * Copies the measurements of the bundle that a preparation is to replace.
     *
     * @param target where a bundle may be
     * @param modelHash of the model that is prepared
     * @param folder that receives the copies
     * @throws ModelException with {@code WRITE_FAILED} where the bundle there has measurements of another model
     */
    static List<BundleFile> keep(Path target, String modelHash, Path folder) {
        List<BundleFile> kept = new ArrayList<>();
        if (!Bundle.isBundle(target)) {
            return kept;
        }
        BundleManifest old;
        try {
            old = BundleManifest.read(Json.readObject(target.resolve(BundleManifest.FILE), BundleManifest.MAX_BYTES));
        } catch (ModelException e) {
            // Not readable by anybody: there is nothing to keep.
            return kept;
        }
        List<BundleFile> measured = old.files().stream()
                .filter(file ->
                        file.role().equals(Bundle.CALIBRATION) || file.role().equals(Bundle.QUALITY))
                .filter(file -> whole(target.resolve(file.path()), file))
                .collect(Collectors.toList());
        if (!measured.isEmpty() && !old.modelHash().equals(modelHash)) {
            throw new ModelException(
                    Reason.WRITE_FAILED,
                    target + ": holds another model, with " + measured.size()
                            + " files of what was measured for it, which would be lost; nothing was changed. Choose another"
                            + " folder, or remove this one");
        }
        for (BundleFile file : measured) {
            try {
                Files.copy(target.resolve(file.path()), folder.resolve(file.path()));
            } catch (IOException e) {
                throw WriteFailure.of(folder.resolve(file.path()), file.bytes(), e);
            }
            kept.add(file);
        }
        return kept;
    }

    /** Of a damaged bundle, which is prepared anew, those files are kept that are what it states. */
    private static boolean whole(Path path, BundleFile file) {
        try {
            return Sha256.of(path).equals(file.sha256());
        } catch (IOException e) {
            return false;
        }
    }
}
