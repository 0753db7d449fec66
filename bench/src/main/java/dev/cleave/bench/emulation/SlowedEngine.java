package dev.cleave.bench.emulation;

import dev.cleave.model.KvPrecision;
import dev.cleave.model.Segment;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.SegmentMemory;
import dev.cleave.model.SegmentSpec;
import dev.cleave.model.Sequence;
import dev.cleave.model.bundle.Bundle;

/** The engine of an emulated device: its sequences take k times as long as this machine's. */
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
        this.factor = SlowedSequence.checked(factor);
    }

    @Override
    public Segment open(Bundle bundle, SegmentSpec spec) {
        return new SlowedSegment(real.open(bundle, spec));
    }

    @Override
    public String version() {
        return real.version();
    }

    @Override
    public void close() {
        real.close();
    }

    private final class SlowedSegment implements Segment {
        private final Segment fast;

        private SlowedSegment(Segment fast) {
            this.fast = fast;
        }

        @Override
        public SegmentSpec spec() {
            return fast.spec();
        }

        @Override
        public Sequence begin(int maxLength, KvPrecision kv) {
            return new SlowedSequence(fast.begin(maxLength, kv), factor);
        }

        @Override
        public SegmentMemory footprint() {
            return fast.footprint();
        }

        @Override
        public void close() {
            fast.close();
        }
    }
}
