package dev.cleave.model.bundle;

import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** Makes the error of a file that cannot be written. */
final class WriteFailure {
    private WriteFailure() {}

    /**
     * Returns the error.
     *
     * @param path that cannot be written
     * @param bytes that the file was to have, 0 where that is not the matter
     * @param cause what the system says
     */
    static ModelException of(Path path, long bytes, IOException cause) {
        String system = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        if (cause instanceof FileSystemException && ((FileSystemException) cause).getReason() != null) {
            system = ((FileSystemException) cause).getReason();
        }
        return new ModelException(
                Reason.WRITE_FAILED,
                path + ": cannot be written" + (bytes > 0 ? " (" + bytes + " bytes)" : "") + ": " + system
                        + ". Make room, raise the limit on file sizes, or choose another folder; nothing half-written stays",
                cause);
    }
}
