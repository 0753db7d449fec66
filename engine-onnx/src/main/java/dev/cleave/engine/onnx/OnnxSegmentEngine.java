package dev.cleave.engine.onnx;

import ai.onnxruntime.OrtException;
import dev.cleave.model.Architecture;
import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import dev.cleave.model.Segment;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.SegmentSpec;
import dev.cleave.model.bundle.Bundle;

/**
 * Segments on ONNX Runtime. Each layer is a session of its own, so that one copy of the weights for each width and mode
 * serves every split, and so that where the split lies changes no bit of the result.
 */
public final class OnnxSegmentEngine implements SegmentEngine {
    private final OnnxEngineOptions options;
    private final SharedParts shared;
    private boolean closed;

    /** Creates an engine with {@link OnnxEngineOptions#DEFAULT}. */
    public OnnxSegmentEngine() {
        this(OnnxEngineOptions.DEFAULT);
    }

    /**
     * Creates an engine.
     *
     * @throws ModelException with {@code ENGINE} where ONNX Runtime does not start
     */
    public OnnxSegmentEngine(OnnxEngineOptions options) {
        this.options = options;
        this.shared = new SharedParts(OrtRuntime.get(options), options.keepWeights());
    }

    @Override
    public Segment open(Bundle bundle, SegmentSpec spec) {
        synchronized (this) {
            if (closed) {
                throw new IllegalStateException("This engine is closed");
            }
        }
        check(bundle, spec);
        int chunk = AttentionScores.chunk(
                bundle.architecture(), spec.kv(), spec.to() - spec.from(), spec.maxSequence(), options.chunk());
        try {
            SegmentParts parts = new SegmentParts(bundle, spec, chunk, shared);
            try {
                return new OnnxSegment(bundle.architecture(), spec, chunk, parts);
            } catch (OrtException | RuntimeException | Error e) {
                parts.close();
                throw e;
            }
        } catch (OrtException e) {
            throw OrtRuntime.failed(
                    "Opening layers " + spec.from() + ".." + (spec.to() - 1) + " of " + bundle.name(), e);
        }
    }

    /** Returns the version of ONNX Runtime. */
    public String runtimeVersion() {
        return shared.runtime().environment().getVersion();
    }

    /** Returns how many layers and heads hold weights, in this engine. */
    int loadedParts() {
        return shared.layers().size();
    }

    private static void check(Bundle bundle, SegmentSpec spec) {
        Architecture architecture = bundle.architecture();
        if (spec.from() < 0 || spec.to() <= spec.from() || spec.to() > architecture.layers()) {
            throw outOfRange("layers " + spec.from() + ".." + spec.to() + " (end exclusive): " + bundle.name()
                    + " has layers 0.." + architecture.layers());
        }
        if (!bundle.widths().contains(spec.bits())) {
            throw outOfRange("bits=" + spec.bits() + ": bundle " + bundle.name() + " has " + bundle.widths()
                    + ". Prepare it with that width, or choose one of these.");
        }
        if (spec.maxSequence() < 1 || spec.maxSequence() > architecture.context()) {
            throw outOfRange("maxSequence=" + spec.maxSequence() + ": " + bundle.name() + " was made for 1.."
                    + architecture.context() + " tokens");
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            shared.close();
        }
    }

    private static ModelException outOfRange(String message) {
        return new ModelException(Reason.OUT_OF_RANGE, message);
    }
}
