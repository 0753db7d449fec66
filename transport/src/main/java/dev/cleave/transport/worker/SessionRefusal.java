package dev.cleave.transport.worker;

import dev.cleave.transport.RefusalCode;

/** A worker's no to an opening. Without a stack trace: it is an answer. */
public final class SessionRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final RefusalCode code;
    private final boolean retry;
    private final int retryAfterMillis;

    /**
     * Creates a refusal.
     *
     * @param retry whether another worker, or the same one later, may accept
     */
    public SessionRefusal(RefusalCode code, String message, boolean retry) {
        this(code, message, retry, 0);
    }

    private SessionRefusal(RefusalCode code, String message, boolean retry, int retryAfterMillis) {
        super(message, null, false, false);
        this.code = code;
        this.retry = retry;
        this.retryAfterMillis = retryAfterMillis;
    }

    /**
     * Returns a refusal that says when to ask again.
     *
     * @param retryAfterMillis from now, at least 1
     */
    public static SessionRefusal later(RefusalCode code, String message, int retryAfterMillis) {
        return new SessionRefusal(code, message, true, retryAfterMillis);
    }

    /** Returns why. */
    public RefusalCode code() {
        return code;
    }

    /** Returns whether another worker, or the same one later, may accept. */
    public boolean retry() {
        return retry;
    }

    /** Returns when asking again makes sense, in ms from now; 0 where that is not known. */
    public int retryAfterMillis() {
        return retryAfterMillis;
    }
}
