package dev.cleave.engine.onnx;

import ai.onnxruntime.OrtException;
import dev.cleave.model.KvPrecision;
import dev.cleave.model.Segment;
import dev.cleave.model.SegmentMemory;
import dev.cleave.model.SegmentSpec;
import dev.cleave.model.Sequence;

/** Weights in ONNX Runtime sessions, and how many still use them: the segment itself and its sequences. */
final class OnnxSegment implements Segment {
    private final SegmentSpec spec;
    private final int chunk;
    private final SegmentWeights weights;
    private final SegmentMemory footprint;

    private int users = 1;
    private boolean closed;

    OnnxSegment(SegmentSpec spec, int chunk, SegmentMemory footprint, SegmentWeights weights) {
        this.spec = spec;
        this.chunk = chunk;
        this.weights = weights;
        this.footprint = footprint;
    }

    @Override
    public SegmentSpec spec() {
        return spec;
    }

    @Override
    public Sequence begin(int maxLength, KvPrecision kv) {
        OnnxFootprint.checkLength(weights.bundle(), maxLength);
        synchronized (this) {
            if (closed) {
                throw new IllegalStateException("This segment is closed");
            }
            users++;
        }
        try {
            int most = AttentionScores.chunk(weights.bundle().architecture(), kv, spec.layers(), maxLength, chunk);
            SequenceParts parts = new SequenceParts(weights, spec, maxLength, kv, most);
            try {
                return new OnnxSequence(this, maxLength, kv, most, parts);
            } catch (OrtException | RuntimeException | Error e) {
                parts.close();
                throw e;
            }
        } catch (OrtException e) {
            release();
            throw OrtRuntime.failed("Beginning a sequence of " + maxLength + " tokens failed", e);
        } catch (RuntimeException | Error e) {
            release();
            throw e;
        }
    }

    SegmentWeights weights() {
        return weights;
    }

    /** Counts a user less; the last frees the weights. */
    void release() {
        boolean last;
        synchronized (this) {
            users--;
            last = users == 0;
        }
        if (last) {
            weights.close();
        }
    }

    @Override
    public SegmentMemory footprint() {
        return footprint;
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        release();
    }
}
