package dev.cleave.transport.worker;

import dev.cleave.transport.SessionErrorCode;

/** Ends a session with an error that the device is told. Without a stack trace: it is an answer. */
public final class SessionFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final SessionErrorCode code;

    /** Creates a failure. */
    public SessionFailure(SessionErrorCode code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    /** Returns why. */
    public SessionErrorCode code() {
        return code;
    }
}
