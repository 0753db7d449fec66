package dev.cleave.model.bundle;

/**
 * One file of a bundle, as {@code bundle.json} states it.
 *
 * @param role what it is for: {@code embedding}, {@code layer}, {@code norm}, {@code head}, {@code tokenizer} …
 * @param version of the role
 * @param path name, relative to the bundle's folder
 * @param sha256 64 hex digits
 * @param bytes size
 * @param bits width, 0 where the role has none
 * @param block weights that share a scale in the matrices of d columns, 0 where the width has none
 * @param layer 0-based, -1 where the role has none
 */
public record BundleFile(
        String role, int version, String path, String sha256, long bytes, int bits, int block, int layer) {}
