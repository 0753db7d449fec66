package dev.cleave.optimizer.measure;

import dev.cleave.model.KvPrecision;
import dev.cleave.model.Mode;
import dev.cleave.model.Output;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.SegmentSpec;
import dev.cleave.model.Sequence;
import dev.cleave.model.bundle.Bundle;

/** What is measured by running segments of one width. */
abstract class SegmentTimes {
    final Bundle bundle;
    final Effort effort;
    final Gate gate;
    private final SegmentEngine engine;
    private final int bits;
    private final Mode mode;

    SegmentTimes(SegmentEngine engine, Bundle bundle, Effort effort, Gate gate, int bits, Mode mode) {
        this.engine = engine;
        this.bundle = bundle;
        this.effort = effort;
        this.gate = gate;
        this.bits = bits;
        this.mode = mode;
    }

    final int bits() {
        return bits;
    }

    final Sequence open(int from, int to, int length, KvPrecision kv) throws InterruptedException {
        gate.pass();
        return engine.begin(bundle, new SegmentSpec(from, to, bits, mode), length, kv);
    }

    /** Repeats one token at a position that the segment is filled up to. */
    final Repeated token(Sequence segment, int[] ids, int at) throws InterruptedException {
        return Repeated.of(effort, gate, () -> segment.run(ids, at, 1, at, Output.NONE));
    }
}
