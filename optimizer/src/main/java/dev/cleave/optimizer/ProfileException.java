package dev.cleave.optimizer;

/** A profile, budget or request that cannot be right: it names the field, its value and what was expected. */
public final class ProfileException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String field;
    private final String value;
    private final String expected;

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
        this.value = String.valueOf(value);
        this.expected = expected;
    }

    private ProfileException(String field, String message, ProfileException cause) {
        super(message, cause);
        this.field = field;
        this.value = cause.value;
        this.expected = cause.expected;
    }

    /** Returns the name of the field. */
    public String field() {
        return field;
    }

    /** Returns the value that was found, as text. */
    public String value() {
        return value;
    }

    /** Returns what would be right. */
    public String expected() {
        return expected;
    }

    /** Returns the same problem, the field's name being that within a greater whole. */
    public ProfileException within(String whole) {
        return new ProfileException(whole + "." + field, whole + "." + getMessage(), this);
    }
}
