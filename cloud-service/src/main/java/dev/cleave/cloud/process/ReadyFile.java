package dev.cleave.cloud.process;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jboss.logging.Logger;

/**
 * A small JSON file that appears when everything is up, for whoever started the service: a port of 0 is known only then.
 *
 * <pre>
 * {"brokerUri":"tcp://127.0.0.1:40123","httpPort":40124,"pid":4711,"worker":"box-4711"}
 * </pre>
 */
public final class ReadyFile {
    private static final Logger LOG = Logger.getLogger(ReadyFile.class);

    private final Path path;

    /** Creates a file that is not written yet. */
    public ReadyFile(Path path) {
        this.path = path;
    }

    /**
     * What the file says.
     *
     * @param brokerUri for devices
     * @param httpPort of health and metrics
     * @param pid of this process
     * @param worker name of the worker
     */
    public record Contents(String brokerUri, int httpPort, long pid, String worker) {}

    /**
     * Writes the file beside its place and moves it there, so that whoever sees it sees all of it.
     *
     * @throws StartFailure where it cannot be written
     */
    public void write(Contents contents) {
        Path absolute = path.toAbsolutePath();
        Path part = absolute.resolveSibling(absolute.getFileName() + "." + contents.pid() + ".part");
        String json = new JsonObject()
                .put("brokerUri", contents.brokerUri())
                .put("httpPort", contents.httpPort())
                .put("pid", contents.pid())
                .put("worker", contents.worker())
                .encode();
        try {
            Files.writeString(part, json + "\n");
            move(part, absolute);
        } catch (IOException e) {
            removeQuietly(part);
            throw new StartFailure(
                    ExitCode.WRITE_FAILED,
                    "The ready file '" + path + "' cannot be written (" + e
                            + "); set cleave.ready-file to a path in a folder that exists and is writable");
        }
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Removes the file: what it says is no longer so. */
    public void remove() {
        removeQuietly(path);
    }

    private static void removeQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warnf("'%s' cannot be removed: %s", file, e);
        }
    }
}
