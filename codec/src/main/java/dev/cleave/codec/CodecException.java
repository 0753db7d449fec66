package dev.cleave.codec;

/** A frame that cannot be written or read. Without a stack trace: it says what a peer or a model did, not where we stand. */
public final class CodecException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What can be wrong. */
    public enum Reason {
        /** NaN or infinity among the activations. */
        NOT_FINITE,
        /** Fewer bytes than the frame states, or more. */
        LENGTH,
        /** Another magic number or version. */
        VERSION,
        /** A codec level other than the session's, or one that does not exist. */
        LEVEL,
        /** Another width d, or more tokens than there is room for. */
        SHAPE,
        /** The CRC-32 does not match. */
        CHECKSUM,
        /** A field outside its range. */
        FIELD
    }

    private final Reason reason;
    private final long offset;

    /**
     * Creates an exception.
     *
     * @param offset byte of the frame, or index of the value, at which it was noticed
     */
    public CodecException(Reason reason, String message, long offset) {
        super(message + ", offset=" + offset, null, false, false);
        this.reason = reason;
        this.offset = offset;
    }

    /** Returns what kind of fault it is. */
    public Reason reason() {
        return reason;
    }

    /** Returns the byte of the frame, or the index of the value, at which it was noticed. */
    public long offset() {
        return offset;
    }
}
