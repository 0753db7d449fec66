package dev.cleave.engine.onnx;

import dev.cleave.model.Architecture;
import dev.cleave.model.EngineOptions;
import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import dev.cleave.model.Segment;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.SegmentMemory;
import dev.cleave.model.SegmentSpec;
import dev.cleave.model.bundle.Bundle;

/**
 * Segments on ONNX Runtime. Each layer is a session of its own, so that one copy of the weights for each width and mode
 * serves every split, and so that where the split lies changes no bit of the result.
 */
public final class OnnxSegmentEngine implements SegmentEngine {
    private final EngineOptions options;
    private final SharedParts shared;
    private boolean closed;

    /** Creates an engine with {@link EngineOptions#DEFAULT}. */
    public OnnxSegmentEngine() {
        this(EngineOptions.DEFAULT);
    }

    /**
     * Creates an engine.
     *
     * @throws ModelException with {@code ENGINE} where ONNX Runtime does not start
     */
    public OnnxSegmentEngine(EngineOptions options) {
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
        // First: it reads the headers of all files, and what is damaged is found before anything is loaded.
        SegmentMemory footprint = new OnnxFootprint(bundle, spec.mode()).segment(spec);
        return new OnnxSegment(spec, options.chunk(), footprint, new SegmentWeights(bundle, spec, shared));
    }

    @Override
    public String version() {
        return "ONNX Runtime " + shared.runtime().environment().getVersion();
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
