package dev.cleave.model;

/** How a segment computes. Both ends of a session use the same mode. */
public enum Mode {
    /** Int8 activations inside the matrix products: kernels at memory speed. */
    FAST,
    /** Float32 activations, for checking; at 2 and 8 bits slow, because weights are dequantized on every call. */
    EXACT;

    /** Returns the name as users write it: {@code fast} or {@code exact}. */
    public String label() {
        return this == FAST ? "fast" : "exact";
    }
}
