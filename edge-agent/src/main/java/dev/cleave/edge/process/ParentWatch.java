package dev.cleave.edge.process;

import java.io.IOException;
import java.io.InputStream;

/** Notices in a child that its parent has gone: the parent's end of standard input is then closed, however it went. */
public final class ParentWatch {
    private ParentWatch() {}

    /**
     * Begins to watch standard input.
     *
     * @param gone called once, on a thread of the watch
     */
    public static void start(Runnable gone) {
        Thread thread = new Thread(() -> {
            drain(System.in);
            gone.run();
        });
        thread.setName("cleave-parent-watch");
        thread.setDaemon(true);
        thread.start();
    }

    private static void drain(InputStream input) {
        byte[] ignored = new byte[64];
        try {
            while (input.read(ignored) >= 0) {
                // What the parent writes means nothing; only the end does.
            }
        } catch (IOException e) {
            // Whatever cannot be read has no parent behind it.
        }
    }
}
