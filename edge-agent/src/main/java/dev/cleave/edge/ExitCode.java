package dev.cleave.edge;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How the program ends. The numbers are for scripts and do not change; docs/cli.md lists them. */
public enum ExitCode {
    /** Done. */
    OK(0),
    /** A fault of the program itself. */
    INTERNAL(1),
    /** A command line, setting or file of settings that cannot be understood. */
    USAGE(2),
    /** No model of that name. */
    NO_SUCH_MODEL(3),
    /** A folder that is no Hugging Face checkpoint. */
    NOT_A_CHECKPOINT(4),
    /** An architecture, rope scaling or tokenizer that is not supported. */
    UNSUPPORTED_MODEL(5),
    /** A checkpoint's or bundle's file that is truncated or lies about its contents. */
    MALFORMED_FILE(6),
    /** A bundle whose files are missing or changed. */
    DAMAGED_BUNDLE(7),
    /** A split, width or length that the model does not have. */
    OUT_OF_RANGE(8),
    /** A prompt that the context cannot hold. */
    PROMPT_TOO_LONG(9),
    /** The disk is full, or a file cannot be written. */
    WRITE_FAILED(10),
    /** The engine failed. */
    ENGINE(11),
    /** More memory was needed than the program may have. */
    OUT_OF_MEMORY(12),
    /** A profile that planning needs is not there. */
    NO_PROFILE(13),
    /** No plan keeps the budget. */
    NO_PLAN(14),
    /** Nothing answers at the broker's address. */
    BROKER_UNREACHABLE(20),
    /** The broker refused user or password. */
    LOGIN_REFUSED(21),
    /** The broker forbids a topic. */
    NOT_AUTHORIZED(22),
    /** No worker answered. */
    NO_WORKER(23),
    /** The worker serves another model, or another preparation of it. */
    BUNDLES_DIFFER(24),
    /** The worker refused the session. */
    REFUSED(25),
    /** The worker stopped answering in the middle. */
    WORKER_LOST(26),
    /** The connection to the broker broke in the middle. */
    BROKER_LOST(27),
    /** The worker ended the session. */
    SESSION_FAILED(28),
    /** A peer broke the protocol. */
    PROTOCOL(29),
    /** The connection would not be safe: a password in the clear, a certificate that is not trusted, a key that cannot be read. */
    INSECURE(31),
    /** The broker does not take packets as long as a message needs. */
    PACKET_LIMIT(33),
    /** The cloud service could not be started. */
    CLOUD_FAILED(30),
    /** The launcher could not build the program; its script uses the same number. */
    BUILD_FAILED(40),
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

    /** Returns the name as programs read it: lower case, with dashes. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns the code of a number. */
    public static Optional<ExitCode> of(int number) {
        return Arrays.stream(values()).filter(code -> code.number == number).findAny();
    }
}
