package dev.cleave.edge.profile;

import dev.cleave.edge.CliException;
import dev.cleave.edge.ExitCode;
import dev.cleave.edge.config.CleaveHome;
import dev.cleave.model.ModelException;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.optimizer.file.ComputeFile;
import dev.cleave.optimizer.file.LinkFile;
import dev.cleave.optimizer.file.ProfileFiles;
import dev.cleave.optimizer.profile.ComputeProfile;
import dev.cleave.optimizer.profile.LinkProfile;
import java.nio.file.Files;
import java.nio.file.Path;

/** The profiles of models: files in {@code CLEAVE_HOME/profiles}, named after the first digits of the model's hash. */
public final class ProfileStore {
    private final Path folder;

    /** What is profiled. */
    public enum Kind {
        /** This machine. */
        DEVICE("device", "cleave profile %s"),
        /** A worker's machine, as the worker has published it. */
        CLOUD("cloud", "cleave profile %s --broker URI"),
        /** The way between them. */
        LINK("link", "cleave profile %s --broker URI");

        private final String label;
        private final String command;

        Kind(String label, String command) {
            this.label = label;
            this.command = command;
        }
    }

    /** Opens the store; nothing need be there yet. */
    public ProfileStore(CleaveHome home) {
        this.folder = home.folder().resolve("profiles");
    }

    /** Returns where a profile lies, or would. */
    public Path path(Bundle bundle, Kind kind) {
        return folder.resolve(bundle.modelKey() + "-" + kind.label + ".json");
    }

    /**
     * Keeps a profile.
     *
     * @throws ModelException with {@code WRITE_FAILED}
     */
    public Path write(Bundle bundle, Kind kind, byte[] file) {
        Path path = path(bundle, kind);
        ProfileFiles.write(path, file);
        return path;
    }

    /**
     * Reads what a machine takes.
     *
     * @param kind {@code DEVICE} or {@code CLOUD}
     * @throws CliException with {@code NO_PROFILE}, naming the command that makes it
     * @throws ModelException with {@code MALFORMED} where the file is damaged, or of another model
     */
    public ComputeProfile compute(Bundle bundle, Kind kind) {
        return ComputeFile.read(read(bundle, kind), path(bundle, kind).toString(), bundle);
    }

    /**
     * Reads what the link does. As {@link #compute} otherwise.
     */
    public LinkProfile link(Bundle bundle) {
        return LinkFile.read(read(bundle, Kind.LINK), path(bundle, Kind.LINK).toString());
    }

    private byte[] read(Bundle bundle, Kind kind) {
        Path path = path(bundle, kind);
        if (!Files.isRegularFile(path)) {
            throw new CliException(
                    ExitCode.NO_PROFILE,
                    "there is no " + kind.label + " profile of " + bundle.name() + " yet (" + path + "): make it with "
                            + String.format(kind.command, bundle.folder()));
        }
        return ProfileFiles.read(path);
    }
}
