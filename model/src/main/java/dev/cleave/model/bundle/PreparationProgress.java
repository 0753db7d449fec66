package dev.cleave.model.bundle;

/** Hears how far a preparation is, from the thread that prepares. */
public interface PreparationProgress {
    /** Hears nothing. */
    PreparationProgress NONE = (done, total, what) -> {};

    /**
     * Some more is done.
     *
     * @param doneBytes of the checkpoint's weights
     * @param totalBytes of the checkpoint's weights
     * @param what is being prepared, such as {@code layer-003}
     */
    void advanced(long doneBytes, long totalBytes, String what);

    /**
     * Something about the checkpoint that its user should know, and that does not stop the preparation.
     *
     * @param text one sentence or two, without a line's end
     */
    default void note(String text) {}
}
