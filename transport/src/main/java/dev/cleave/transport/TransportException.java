package dev.cleave.transport;

/** What ended, or prevented, a connection or a session. */
public final class TransportException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** {@link #code()} of a {@code WORKER_LOST} that says no more than that a step's answer did not come in time. */
    public static final String SILENT = "SILENT";

    /** What can be wrong. */
    public enum Reason {
        /** Nothing answers at the broker's address. */
        BROKER_UNREACHABLE,
        /** A password would cross the network in the clear. */
        INSECURE,
        /** The broker refused the login. */
        LOGIN_REFUSED,
        /** The broker forbids a topic. */
        NOT_AUTHORIZED,
        /** The broker does not take packets as long as one that is necessary; nothing was sent. */
        PACKET_LIMIT,
        /** The connection to the broker broke in the middle. */
        BROKER_LOST,
        /** No worker answered the opening in time; {@link #code()} is {@code MODEL} where those there serve another one. */
        NO_WORKER,
        /** The worker refused the session; see {@link #code()}. */
        REFUSED,
        /** The worker did not answer a step in time, or its presence says that it is gone. */
        WORKER_LOST,
        /** The worker ended the session with an error; see {@link #code()}. */
        SESSION_FAILED,
        /** A peer broke the protocol. */
        PROTOCOL,
        /** The thread was interrupted while it waited. */
        INTERRUPTED
    }

    private final Reason reason;
    private final String code;

    /** Creates an exception without a code of the worker. */
    public TransportException(Reason reason, String message, Throwable cause) {
        this(reason, "", message, cause);
    }

    /**
     * Creates an exception.
     *
     * @param code what the worker answered, see {@link RefusalCode} and {@link SessionErrorCode}; empty where it did not
     */
    public TransportException(Reason reason, String code, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
        this.code = code;
    }

    /** Returns what kind of fault it is. */
    public Reason reason() {
        return reason;
    }

    /** Returns the worker's code, {@link #SILENT}, or an empty string. */
    public String code() {
        return code;
    }
}
