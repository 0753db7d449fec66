package dev.cleave.optimizer.plan;

/**
 * What a plan chooses.
 *
 * @param split ℓ, 0..L
 * @param frontBits weight width on the device; 0 at split 0
 * @param backBits weight width in the cloud; 0 at split L
 * @param promptLink codec level for the prompt; empty at splits 0 and L
 * @param decodeLink codec level for generated tokens; empty at splits 0 and L
 * @param kv precision of the device's keys and values; empty at split 0
 * @param length W, tokens
 */
public record Setting(
        int split, int frontBits, int backBits, String promptLink, String decodeLink, String kv, int length) {}
