package dev.cleave.model;

import java.util.Optional;

/**
 * What is wrong with a model, its files or the way it is asked for. The message tells what happened, the value, the limit
 * and what to do; {@link #reason()} is for programs.
 */
public final class ModelException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The closed list of what can be wrong. */
    public enum Reason {
        /** No file or folder of that name. */
        NOT_FOUND,
        /** A folder that is no Hugging Face checkpoint. */
        NOT_A_CHECKPOINT,
        /** An architecture, rope scaling or tokenizer that is not supported. */
        UNSUPPORTED,
        /** A file that is truncated, lies about its contents or cannot be parsed. */
        MALFORMED,
        /** A bundle whose files are missing or do not have the sha256 that it states. */
        DAMAGED_BUNDLE,
        /** A split, width, length or position outside its range. */
        OUT_OF_RANGE,
        /** The disk is full, or a file cannot be written. */
        WRITE_FAILED,
        /** The engine failed. */
        ENGINE
    }

    /**
     * The field of a file that is wrong.
     *
     * @param name within the file, such as {@code widths[0].bits}
     * @param value that was found, as text; {@code absent} where there is none
     * @param expected what would be right
     */
    public record Field(String name, String value, String expected) {}

    private final Reason reason;
    private final transient Field field;

    /** Creates an exception. */
    public ModelException(Reason reason, String message) {
        this(reason, message, null);
    }

    /** Creates an exception with its cause. */
    public ModelException(Reason reason, String message, Throwable cause) {
        this(reason, message, null, cause);
    }

    /** Creates an exception that says which field of a file is wrong; {@code field} may be null. */
    public ModelException(Reason reason, String message, Field field, Throwable cause) {
        super(message, cause);
        this.reason = reason;
        this.field = field;
    }

    /** Returns what kind of fault it is. */
    public Reason reason() {
        return reason;
    }

    /** Returns the field that is wrong, where it is one. */
    public Optional<Field> field() {
        return Optional.ofNullable(field);
    }
}
