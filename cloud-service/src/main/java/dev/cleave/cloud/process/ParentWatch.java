package dev.cleave.cloud.process;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * Notices that the process which started this one has gone: its end of standard input is closed, or the process itself is
 * no more. Both are watched, because a third process may hold the pipe and the parent may close it and live on.
 */
public final class ParentWatch {
    private static final Logger LOG = Logger.getLogger(ParentWatch.class);

    private final Runnable gone;
    private final AtomicBoolean told = new AtomicBoolean();

    private ParentWatch(Runnable gone) {
        this.gone = gone;
    }

    /**
     * Begins to watch.
     *
     * @param gone called once, from a thread of the watch
     */
    public static void start(Runnable gone) {
        start(System.in, gone);
    }

    static void start(InputStream input, Runnable gone) {
        ParentWatch watch = new ParentWatch(gone);
        ProcessHandle.current()
                .parent()
                .ifPresent(
                        parent -> parent.onExit().thenRun(() -> watch.tell("process " + parent.pid() + " has ended")));
        Thread reader = new Thread(() -> watch.drain(input), "cleave-parent-watch");
        reader.setDaemon(true);
        reader.start();
    }

    private void drain(InputStream input) {
        byte[] ignored = new byte[256];
        try {
            while (input.read(ignored) >= 0) {
                // What the parent writes means nothing; only the end does.
            }
            tell("standard input has ended");
        } catch (IOException e) {
            tell("standard input cannot be read: " + e.getMessage());
        }
    }

    private void tell(String reason) {
        if (told.compareAndSet(false, true)) {
            LOG.infof("The parent process has gone (%s): stopping", reason);
            gone.run();
        }
    }
}
