package dev.cleave.generation;

/** Takes a text while it grows. */
@FunctionalInterface
public interface TextListener {
    /** Listens to nothing. */
    TextListener NONE = piece -> {};

    /**
     * Called on the generating thread for every step that completes at least one character.
     *
     * @param piece whole characters, never empty
     */
    void text(String piece);
}
