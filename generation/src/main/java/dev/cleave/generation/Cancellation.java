package dev.cleave.generation;

/**
 * Ends one generation early, from any thread and at any time, also before it begins. The generation ends with what it has
 * shown; a step under way is waited for, so that the KV caches of both sides stay equal and the next turn can use them.
 */
public final class Cancellation {
    private volatile boolean cancelled;

    /** Asks the generation to end. */
    public void cancel() {
        cancelled = true;
    }

    /** Returns whether somebody asked. */
    public boolean cancelled() {
        return cancelled;
    }
}
