package dev.cleave.cloud.process;

/**
 * How the process ends. The numbers are for scripts and do not change; those that ./cleave also has mean the same there.
 * docs/cloud.md lists them.
 */
public enum ExitCode {
    /** Stopped in order. */
    OK(0),
    /** A fault of the program; the log has its stack trace. */
    INTERNAL(1),
    /** A setting is missing, unknown or outside its range. */
    SETTINGS(2),
    /** No bundle at the path. */
    NO_BUNDLE(3),
    /** A bundle of a version or an architecture that is not supported. */
    UNSUPPORTED_BUNDLE(5),
    /** A bundle whose files are missing or changed. */
    DAMAGED_BUNDLE(7),
    /** The ready file cannot be written. */
    WRITE_FAILED(10),
    /** The engine cannot be loaded. */
    ENGINE(11),
    /** Nothing answers at the broker's address. */
    BROKER_UNREACHABLE(20),
    /** The broker refused user or password. */
    LOGIN_REFUSED(21),
    /** The broker forbids a topic. */
    NOT_AUTHORIZED(22),
    /** The connection would not be safe: a password in the clear, a certificate that is not trusted, a key that cannot be read. */
    INSECURE(31),
    /** A port is taken, or an address is not this machine's. */
    PORT(32),
    /** The broker does not take packets as long as a message needs. */
    PACKET_LIMIT(33),
    /** Ended by SIGHUP: 128 + 1. */
    HUNG_UP(129),
    /** Ended by SIGINT, Ctrl-C: 128 + 2. */
    INTERRUPTED(130),
    /** Ended by SIGTERM: 128 + 15. */
    TERMINATED(143);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    /** Returns the process's exit status. */
    public int number() {
        return number;
    }
}
