package dev.cleave.optimizer.measure;

import dev.cleave.model.Mode;
import dev.cleave.model.bundle.Bundle;

/** What parts of a bundle occupy in the memory of one engine, in bytes. */
public interface Footprint {
    /**
     * Returns the packed weights of a layer.
     *
     * @param layer 0-based
     */
    long layer(Bundle bundle, int layer, int bits, Mode mode);

    /** Returns final norm and head, without logits. */
    long head(Bundle bundle, int bits, Mode mode);

    /** Returns what a segment that begins at layer 0 holds of the embedding. */
    long embedding(Bundle bundle, int bits);

    /** Returns buffers and scratch of a segment of that width that runs chunks of {@code chunk} tokens, without rotary table. */
    long workspace(Bundle bundle, int bits, Mode mode, int chunk);

    /** Returns what a position of the rotary table takes. */
    long rotaryPerPosition(Bundle bundle);
}
