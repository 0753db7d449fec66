package dev.cleave.bench.emulation;

import dev.cleave.model.Segment;
import dev.cleave.model.SegmentMemory;
import dev.cleave.model.SegmentSpec;
import java.nio.FloatBuffer;

/** A segment that leaves everything but running to another, which it closes. */
abstract class ForwardingSegment implements Segment {
    final Segment real;

    ForwardingSegment(Segment real) {
        this.real = real;
    }

    @Override
    public SegmentSpec spec() {
        return real.spec();
    }

    @Override
    public int chunk() {
        return real.chunk();
    }

    @Override
    public int length() {
        return real.length();
    }

    @Override
    public FloatBuffer hiddenInput() {
        return real.hiddenInput();
    }

    @Override
    public void truncate(int length) {
        real.truncate(length);
    }

    @Override
    public SegmentMemory memory() {
        return real.memory();
    }

    @Override
    public void close() {
        real.close();
    }
}
