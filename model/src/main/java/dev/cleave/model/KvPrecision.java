package dev.cleave.model;

/** How a segment stores the keys and values of the tokens so far. It is a segment's own matter: both ends of a session may differ. */
public enum KvPrecision {
    /** As they are computed. */
    FLOAT32("float32", Float.BYTES),
    /**
     * Rounded to float16, in half the memory; attention then takes its queries rounded as well. Values beyond 65504 become
     * infinite.
     */
    FLOAT16("float16", Short.BYTES);

    private final String label;
    private final int bytes;

    KvPrecision(String label, int bytes) {
        this.label = label;
        this.bytes = bytes;
    }

    /** Returns the name as users write it: {@code float32} or {@code float16}. */
    public String label() {
        return label;
    }

    /** Returns the bytes of one value. */
    public int bytes() {
        return bytes;
    }
}
