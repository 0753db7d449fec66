package dev.cleave.codec.frame;

/**
 * What a codec level is called: a number in frames, a name in messages.
 *
 * @param id stands in the frame, 1..255
 * @param name as users write it
 */
public record LevelId(int id, String name) {}
