package dev.cleave.model.checkpoint;

/** The types of safetensors that Cleave reads. */
public enum TensorType {
    /** IEEE 754 single. */
    F32(4),
    /** IEEE 754 half. */
    F16(2),
    /** The upper half of a single. */
    BF16(2),
    /** Unsigned byte. */
    U8(1);

    private final int bytes;

    TensorType(int bytes) {
        this.bytes = bytes;
    }

    /** Returns the bytes of one value. */
    public int bytes() {
        return bytes;
    }
}
