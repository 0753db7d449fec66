package dev.cleave.bench.emulation;

import dev.cleave.model.KvPrecision;
import dev.cleave.model.Segment;
import dev.cleave.model.SegmentMemory;
import dev.cleave.model.Sequence;
import java.nio.FloatBuffer;

/** A sequence that leaves everything but running to another, which it closes. */
abstract class ForwardingSequence implements Sequence {
    final Sequence real;

    ForwardingSequence(Sequence real) {
        this.real = real;
    }

    @Override
    public Segment segment() {
        return real.segment();
    }

    @Override
    public int maxLength() {
        return real.maxLength();
    }

    @Override
    public KvPrecision kv() {
        return real.kv();
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
    public SegmentMemory footprint() {
        return real.footprint();
    }

    @Override
    public void close() {
        real.close();
    }
}
