package dev.cleave.generation;

/**
 * Ends a generation that could not be finished. Its cause says why: a {@code TransportException} of link, worker or broker, a
 * {@code ModelException} of the engine, a {@code CodecException} of the activations. What was shown until then is kept.
 */
public final class GenerationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient GenerationResult partial;

    public GenerationException(RuntimeException cause, GenerationResult partial) {
        super(cause.getMessage(), cause);
        this.partial = partial;
    }

    /** Returns what there was when it failed, with the finish reason {@code ERROR}. */
    public GenerationResult partial() {
        return partial;
    }
}
