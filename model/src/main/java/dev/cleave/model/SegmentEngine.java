package dev.cleave.model;

import dev.cleave.model.bundle.Bundle;

/** Opens segments. Safe for many threads; segments of one bundle, width and mode share one copy of their weights. */
public interface SegmentEngine extends AutoCloseable {
    /**
     * Opens a segment: loads the weights of its layers, from the files of those layers alone.
     *
     * @throws ModelException with {@code OUT_OF_RANGE} for layers or widths that the bundle does not have, {@code
     *     DAMAGED_BUNDLE} for files that are missing or cut off, {@code ENGINE} where the engine fails
     */
    Segment open(Bundle bundle, SegmentSpec spec);

    /**
     * Opens a segment for one text: closing the sequence gives the weights back. As {@link #open} and {@link Segment#begin}.
     */
    default Sequence begin(Bundle bundle, SegmentSpec spec, int maxLength, KvPrecision kv) {
        try (Segment segment = open(bundle, spec)) {
            return segment.begin(maxLength, kv);
        }
    }

    /** Returns the engine's name and version, such as {@code ONNX Runtime 1.28.0}. */
    String version();

    /** Closes the engine; its segments and sequences must be closed before. */
    @Override
    void close();
}
