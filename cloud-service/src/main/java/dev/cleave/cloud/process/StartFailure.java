package dev.cleave.cloud.process;

/** Why the service cannot start, in one line for its user. Without a stack trace: it says what to change. */
public final class StartFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ExitCode code;

    /**
     * Creates a failure.
     *
     * @param message what happened, the value, the limit and what to do
     */
    public StartFailure(ExitCode code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    /** Returns how the process ends for it. */
    public ExitCode code() {
        return code;
    }
}
