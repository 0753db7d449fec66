package dev.cleave.engine.onnx;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Things that several segments use and that cost much to open: opened by the first, closed by the last. Two users of
 * different keys open at the same time.
 */
final class Shared<K, V extends AutoCloseable> implements AutoCloseable {
    private final Map<K, Entry<V>> entries = new HashMap<>();
    private boolean keep;

    /** Creates an empty collection; with {@code keep}, what the last user releases stays open until {@link #close()}. */
    Shared(boolean keep) {
        this.keep = keep;
    }

    /** Returns the value of a key, opened where it is not; each call is answered by one {@link #release}. */
    V acquire(K key, Supplier<V> opener) {
        Entry<V> entry;
        synchronized (entries) {
            entry = entries.computeIfAbsent(key, k -> new Entry<>());
            entry.users++;
        }
        try {
            return entry.open(opener);
        } catch (RuntimeException | Error e) {
            release(key);
            throw e;
        }
    }

    /** Gives back one use. */
    void release(K key) {
        Entry<V> entry;
        synchronized (entries) {
            entry = entries.get(key);
            entry.users--;
            if (entry.users > 0 || keep && entry.isOpen()) {
                return;
            }
            entries.remove(key);
        }
        entry.close();
    }

    /** Closes all that nobody uses, and keeps nothing from now on. */
    @Override
    public void close() {
        Map<K, Entry<V>> idle = new HashMap<>();
        synchronized (entries) {
            keep = false;
            entries.forEach((key, entry) -> {
                if (entry.users == 0) {
                    idle.put(key, entry);
                }
            });
            idle.keySet().forEach(entries::remove);
        }
        idle.values().forEach(Entry::close);
    }

    /** Returns how many are open or opening. */
    int size() {
        synchronized (entries) {
            return entries.size();
        }
    }

    private static final class Entry<V extends AutoCloseable> {
        private int users;
        private V value;

        private synchronized V open(Supplier<V> opener) {
            if (value == null) {
                value = opener.get();
            }
            return value;
        }

        private synchronized boolean isOpen() {
            return value != null;
        }

        private synchronized void close() {
            if (value != null) {
                try {
                    value.close();
                } catch (Exception e) {
                    throw new IllegalStateException("A shared part cannot be closed: " + e.getMessage(), e);
                }
                value = null;
            }
        }
    }
}
