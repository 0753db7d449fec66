package dev.cleave.engine.onnx;

import java.util.ArrayDeque;
import java.util.Deque;

/** Parts of a whole, closed in reverse order of their opening. */
final class Closers implements AutoCloseable {
    private final Deque<Runnable> closers = new ArrayDeque<>();

    /** Adds what is to be done at closing. */
    void add(Runnable closer) {
        closers.push(closer);
    }

    /** Adds a part and returns it. */
    <T extends AutoCloseable> T opened(T part) {
        add(() -> {
            try {
                part.close();
            } catch (Exception e) {
                throw new IllegalStateException("A part cannot be closed: " + e.getMessage(), e);
            }
        });
        return part;
    }

    @Override
    public void close() {
        while (!closers.isEmpty()) {
            closers.pop().run();
        }
    }
}
