package dev.cleave.model.bundle;

import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;

/**
 * The hidden folder beside the target in which a bundle grows: {@code .NAME.tmp-…}. It becomes the target by one atomic move.
 * A lock tells a folder that is being written from what a killed preparation has left; the next preparation of the same
 * target removes such leftovers.
 */
final class StagingFolder implements AutoCloseable {
    private static final String LOCK = "preparing.lock";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path target;
    private final Path folder;
    private final FileChannel lockFile;

    private StagingFolder(Path target, Path folder, FileChannel lockFile) {
        this.target = target;
        this.folder = folder;
        this.lockFile = lockFile;
    }

    /**
     * Creates the folder.
     *
     * @throws ModelException with {@code WRITE_FAILED} where the target is something else than a bundle, another preparation
     *     writes it, or the disk refuses
     */
    static StagingFolder create(Path requested) {
        Path target = requested.toAbsolutePath().normalize();
        try {
            if (Files.exists(target) && !Bundle.isBundle(target) && !isEmptyFolder(target)) {
                throw new ModelException(
                        Reason.WRITE_FAILED,
                        target + ": exists and is no bundle; nothing was changed. Choose another folder");
            }
            Files.createDirectories(target.getParent());
            removeLeftovers(target);
            Path folder = Files.createDirectory(hidden(target));
            FileChannel lockFile =
                    FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            StagingFolder staging = new StagingFolder(target, folder, lockFile);
            try {
                lockFile.lock();
                return staging;
            } catch (IOException e) {
                staging.close();
                throw e;
            }
        } catch (IOException e) {
            throw WriteFailure.of(target, 0, e);
        }
    }

    Path folder() {
        return folder;
    }

    Path target() {
        return target;
    }

    /** Makes the folder the target. A bundle that was there before is removed. */
    void commit() throws IOException {
        // The lock moves with the folder: without it another preparation would take this for a leftover.
        if (!Files.exists(target)) {
            Files.move(folder, target, StandardCopyOption.ATOMIC_MOVE);
            unlock();
            return;
        }
        // A folder cannot replace another that has files. After a kill between the two moves the next preparation
        // brings
        // the bundle back.
        Path old = hidden(target);
        Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
        try {
            Files.move(folder, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.move(old, target, StandardCopyOption.ATOMIC_MOVE);
            throw e;
        }
        unlock();
        delete(old);
    }

    private void unlock() throws IOException {
        lockFile.close();
        Files.deleteIfExists(target.resolve(LOCK));
    }

    /** Removes the folder, unless it was committed. */
    @Override
    public void close() {
        try {
            lockFile.close();
            if (Files.exists(folder)) {
                delete(folder);
            }
        } catch (IOException e) {
            throw WriteFailure.of(folder, 0, e);
        }
    }

    private static String prefix(Path target) {
        return "." + target.getFileName() + ".tmp-";
    }

    private static Path hidden(Path target) {
        return target.resolveSibling(prefix(target) + Long.toHexString(RANDOM.nextLong()));
    }

    private static boolean isEmptyFolder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            return !entries.iterator().hasNext();
        }
    }

    private static void removeLeftovers(Path target) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(
                target.getParent(), entry -> entry.getFileName().toString().startsWith(prefix(target)))) {
            for (Path leftover : entries) {
                if (isBeingWritten(leftover)) {
                    throw new ModelException(
                            Reason.WRITE_FAILED,
                            target + ": another preparation is writing it (" + leftover + "). Wait for its end");
                }
                if (!Files.exists(target) && Bundle.isBundle(leftover)) {
                    // Whole: bundle.json is written last. It may be the only copy of what was measured.
                    Files.move(leftover, target, StandardCopyOption.ATOMIC_MOVE);
                    Files.deleteIfExists(target.resolve(LOCK));
                } else {
                    delete(leftover);
                }
            }
        }
    }

    private static boolean isBeingWritten(Path folder) throws IOException {
        Path file = folder.resolve(LOCK);
        if (!Files.exists(file)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            return lock == null;
        } catch (OverlappingFileLockException e) {
            return true;
        }
    }

    private static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<Path>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
