package dev.cleave.model;

/** Which rows a segment that holds the head turns into logits. A segment without the head always returns all hidden rows. */
public enum Output {
    /** No logits: a chunk of the prompt that only fills the KV cache. */
    NONE,
    /** The logits of the last token, [1, vocabulary]. */
    LAST,
    /** The logits of every token, [T, vocabulary]. */
    ALL
}
