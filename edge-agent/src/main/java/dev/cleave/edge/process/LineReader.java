package dev.cleave.edge.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.SynchronousQueue;

/**
 * Reads lines on a thread of its own, because a thread that reads standard input cannot be interrupted, and Ctrl-C must end
 * the program while it waits for somebody to type.
 */
public final class LineReader {
    private final SynchronousQueue<Optional<String>> lines = new SynchronousQueue<>();

    /** Begins to read. */
    public LineReader(InputStream input) {
        BufferedReader reader = new BufferedReader(new InputStreamReader(input, StandardCharsets.UTF_8));
        Thread thread = new Thread(() -> read(reader), "cleave-lines");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Waits for somebody to type: the one wait without a time limit.
     *
     * @return the line, or nothing at the end
     */
    public Optional<String> next() throws InterruptedException {
        return lines.take();
    }

    private void read(BufferedReader reader) {
        try {
            Optional<String> line;
            do {
                line = next(reader);
                lines.put(line);
            } while (line.isPresent());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Optional<String> next(BufferedReader reader) {
        try {
            return Optional.ofNullable(reader.readLine());
        } catch (IOException e) {
            // A terminal that has gone is the end of the input.
            return Optional.empty();
        }
    }
}
