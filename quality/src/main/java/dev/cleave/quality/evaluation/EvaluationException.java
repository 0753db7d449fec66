package dev.cleave.quality.evaluation;

/** An evaluation that was asked for in a way that cannot be. The message says what happened, the value, and what to do. */
public final class EvaluationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Creates an exception. */
    public EvaluationException(String message) {
        super(message);
    }
}
