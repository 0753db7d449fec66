package dev.cleave.edge;

/** What keeps a command from doing what it was asked, in the user's words. Without a stack trace: it says what to change. */
public final class CliException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ExitCode code;

    /**
     * Creates an exception.
     *
     * @param message what happened, the value, the limit and what to do
     */
    public CliException(ExitCode code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    /** Returns how the program ends for it. */
    public ExitCode code() {
        return code;
    }
}
