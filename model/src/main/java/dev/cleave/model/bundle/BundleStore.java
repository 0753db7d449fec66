package dev.cleave.model.bundle;

import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A folder of bundles. */
public final class BundleStore {
    /** How much of each bundle is read. */
    public enum Check {
        /** {@code bundle.json} and the sizes of the files. */
        SIZES,
        /** Everything, to compare its sha256. */
        CONTENTS
    }

    /**
     * What was found in one folder.
     *
     * @param folder that has a {@code bundle.json}
     * @param bundle opened; empty where that is impossible
     * @param fault what is wrong, naming the file; empty where nothing is
     */
    public record Entry(Path folder, Optional<Bundle> bundle, Optional<String> fault) {}

    private BundleStore() {}

    /**
     * Lists bundles by the names of their folders.
     *
     * @param folder whose direct subfolders are looked at; there are none in a folder that does not exist
     * @param check how much of each is read
     * @throws ModelException with {@code NOT_FOUND} where the folder cannot be read
     */
    public static List<Entry> list(Path folder, Check check) {
        List<Path> folders = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> children = Files.newDirectoryStream(folder, BundleStore::isListed)) {
                children.forEach(folders::add);
            } catch (IOException e) {
                throw new ModelException(Reason.NOT_FOUND, folder + ": cannot be read: " + e.getMessage(), e);
            }
        }
        folders.sort(null);
        List<Entry> entries = new ArrayList<>();
        folders.forEach(child -> entries.add(entry(child, check)));
        return entries;
    }

    /** Folders that begin with a dot are being written, or are what a killed preparation has left. */
    private static boolean isListed(Path folder) {
        return !folder.getFileName().toString().startsWith(".") && Bundle.isBundle(folder);
    }

    private static Entry entry(Path folder, Check check) {
        Bundle bundle = null;
        try {
            bundle = Bundle.open(folder);
            if (check == Check.CONTENTS) {
                bundle.verify();
            }
            return new Entry(folder, Optional.of(bundle), Optional.empty());
        } catch (ModelException e) {
            return new Entry(folder, Optional.ofNullable(bundle), Optional.of(e.getMessage()));
        }
    }
}
