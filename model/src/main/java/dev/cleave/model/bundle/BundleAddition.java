package dev.cleave.model.bundle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Files that a bundle gets later. Their names hold a part of their hash, so that new ones lie beside old ones until {@code
 * bundle.json} is replaced, at once; what it no longer names is then removed.
 */
public final class BundleAddition {
    private BundleAddition() {}

    /** One file. */
    public static final class Content {
        private final int layer;
        private final byte[] bytes;

        /**
         * Creates a file's content.
         *
         * @param layer that it belongs to, -1 for none
         */
        public Content(int layer, byte[] bytes) {
            this.layer = layer;
            this.bytes = bytes.clone();
        }
    }

    /**
     * Puts files into a bundle in the place of all that have their role.
     *
     * @param name that file names begin with
     * @return the bundle, opened again
     * @throws dev.cleave.model.ModelException with {@code WRITE_FAILED}; the bundle is then what it was
     */
    public static Bundle replace(Bundle bundle, String role, String name, List<Content> contents) {
        List<BundleFile> files = new ArrayList<>();
        List<BundleFile> old = new ArrayList<>();
        for (BundleFile file : bundle.files()) {
            (file.role().equals(role) ? old : files).add(file);
        }
        List<BundleFile> written = new ArrayList<>();
        try {
            for (Content content : contents) {
                written.add(write(bundle.folder(), role, name, content));
            }
            files.addAll(written);
            BundleManifest manifest = bundle.manifest().withFiles(Collections.unmodifiableList(files));
            move(bundle.folder(), BundleManifest.FILE, manifest.write());
        } catch (RuntimeException e) {
            Set<String> stated = bundle.files().stream().map(BundleFile::path).collect(Collectors.toSet());
            written.stream().filter(file -> !stated.contains(file.path())).forEach(file -> delete(bundle.path(file)));
            throw e;
        }
        Set<String> kept = files.stream().map(BundleFile::path).collect(Collectors.toSet());
        for (BundleFile file : old) {
            if (!kept.contains(file.path())) {
                delete(bundle.path(file));
            }
        }
        return Bundle.open(bundle.folder());
    }

    private static BundleFile write(Path folder, String role, String name, Content content) {
        Sha256 hash = new Sha256();
        hash.add(content.bytes);
        String sha256 = hash.hex();
        String layer = content.layer < 0 ? "" : String.format(Locale.ROOT, "-%03d", content.layer);
        String path = name + layer + "." + sha256.substring(0, 12);
        move(folder, path, content.bytes);
        return new BundleFile(role, Bundle.ROLE_VERSION, path, sha256, content.bytes.length, 0, 0, content.layer);
    }

    private static void move(Path folder, String name, byte[] bytes) {
        Path target = folder.resolve(name);
        Path temporary = folder.resolve("." + name + ".tmp");
        try {
            Files.deleteIfExists(temporary);
            try {
                SideFiles.write(temporary, bytes);
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw WriteFailure.of(target, bytes.length, e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw WriteFailure.of(file, 0, e);
        }
    }
}
