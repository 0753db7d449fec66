package dev.cleave.model;

/**
 * A piece of a rendered conversation: either markup, whose special tokens count, or what somebody wrote, in which they are
 * plain text. So nobody ends a turn by typing its marker.
 *
 * @param text the piece
 * @param literal whether special tokens within it are plain text
 */
public record TextPart(String text, boolean literal) {
    /** Returns markup. */
    public static TextPart markup(String text) {
        return new TextPart(text, false);
    }

    /** Returns what somebody wrote. */
    public static TextPart literal(String text) {
        return new TextPart(text, true);
    }
}
