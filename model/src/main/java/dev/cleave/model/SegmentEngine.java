package dev.cleave.model;

import dev.cleave.model.bundle.Bundle;

/** Opens segments. Safe for many threads; segments of one bundle, width and mode share one copy of their weights. */
public interface SegmentEngine extends AutoCloseable {
    /**
     * Opens a segment.
     *
     * @throws ModelException with {@code OUT_OF_RANGE} for layers, widths or lengths that the bundle does not have, {@code
     *     DAMAGED_BUNDLE} for files that are missing or cut off, {@code ENGINE} where the engine fails
     */
    Segment open(Bundle bundle, SegmentSpec spec);

    /** Closes the engine; its segments must be closed before. */
    @Override
    void close();
}
