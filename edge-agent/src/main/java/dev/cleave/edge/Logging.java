package dev.cleave.edge;

import java.io.IOException;
import java.io.InputStream;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/** Keeps standard error for what users should read. */
public final class Logging {
    private Logging() {}

    /** Sets what is logged: with {@code debug} what happens, otherwise what went wrong. */
    public static void configure(boolean debug) {
        try (InputStream properties = Logging.class.getResourceAsStream("logging.properties")) {
            LogManager.getLogManager().readConfiguration(properties);
        } catch (IOException e) {
            throw new IllegalStateException("logging.properties cannot be read", e);
        }
        if (debug) {
            Logger.getLogger("").setLevel(Level.INFO);
            OURS.setLevel(Level.FINE);
        }
    }

    /** Held, because the log manager forgets loggers that nobody holds. */
    private static final Logger OURS = Logger.getLogger("dev.cleave");
}
