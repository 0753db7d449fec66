package dev.cleave.bench.emulation;

import dev.cleave.model.Segment;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.SegmentSpec;
import dev.cleave.model.bundle.Bundle;

/** The engine of an emulated device: its segments take k times as long as this machine's. */
public final class SlowedEngine implements SegmentEngine {
    private final SegmentEngine real;
    private final double factor;

    /**
     * Wraps an engine, and owns it: closing this closes it.
     *
     * @param real what opens segments
     * @param factor k: how many times as long a run takes, finite, at least 1
     * @throws IllegalArgumentException for another factor
     */
    public SlowedEngine(SegmentEngine real, double factor) {
        this.real = real;
        this.factor = SlowedSegment.checked(factor);
    }

    @Override
    public Segment open(Bundle bundle, SegmentSpec spec) {
        return new SlowedSegment(real.open(bundle, spec), factor);
    }

    @Override
    public void close() {
        real.close();
    }
}
