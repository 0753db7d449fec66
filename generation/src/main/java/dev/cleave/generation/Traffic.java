package dev.cleave.generation;

/**
 * Bytes in both directions.
 *
 * @param up from the device
 * @param down to the device
 */
public record Traffic(long up, long down) {
    /** Nothing. */
    public static final Traffic NONE = new Traffic(0, 0);

    /** Returns what came after an earlier reading. */
    public Traffic since(Traffic earlier) {
        return new Traffic(up - earlier.up, down - earlier.down);
    }
}
