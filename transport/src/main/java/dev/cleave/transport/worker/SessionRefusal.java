package dev.cleave.transport.worker;

import dev.cleave.transport.RefusalCode;

/** A worker's no to an opening. Without a stack trace: it is an answer. */
public final class SessionRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final RefusalCode code;
    private final boolean retry;

    /**
     * Creates a refusal.
     *
     * @param retry whether another worker, or the same one later, may accept
     */
    public SessionRefusal(RefusalCode code, String message, boolean retry) {
        super(message, null, false, false);
        this.code = code;
        this.retry = retry;
    }

    /** Returns why. */
    public RefusalCode code() {
        return code;
    }

    /** Returns whether another worker, or the same one later, may accept. */
    public boolean retry() {
        return retry;
    }
}
