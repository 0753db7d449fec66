package dev.cleave.optimizer;

/** A profile, budget or request that cannot be right: it names the field, its value and what was expected. */
public final class ProfileException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String field;

    /**
     * Creates an exception.
     *
     * @param field what is wrong, such as {@code widths[0].layers[3].decode.base}
     * @param value as it was found
     * @param expected what would be right
     */
    public ProfileException(String field, Object value, String expected) {
        super(field + " is " + value + ", expected " + expected);
        this.field = field;
    }

    private ProfileException(String field, String message, ProfileException cause) {
        super(message, cause);
        this.field = field;
    }

    /** Returns the name of the field. */
    public String field() {
        return field;
    }

    /** Returns the same problem, the field's name being that within a greater whole. */
    public ProfileException within(String whole) {
        return new ProfileException(whole + "." + field, whole + "." + getMessage(), this);
    }
}
