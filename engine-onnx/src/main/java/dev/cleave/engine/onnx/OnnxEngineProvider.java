package dev.cleave.engine.onnx;

import dev.cleave.model.EngineOptions;
import dev.cleave.model.EngineProvider;
import dev.cleave.model.KvPrecision;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.SegmentSpec;
import dev.cleave.model.bundle.Bundle;

/** Offers ONNX Runtime as the engine {@code onnx}. */
public final class OnnxEngineProvider implements EngineProvider {
    /** Creates the provider; {@link java.util.ServiceLoader} does. */
    public OnnxEngineProvider() {}

    @Override
    public String name() {
        return "onnx";
    }

    @Override
    public SegmentEngine create(EngineOptions options) {
        return new OnnxSegmentEngine(options);
    }

    @Override
    public Prediction predict(Bundle bundle, SegmentSpec spec, int maxLength, KvPrecision kv, EngineOptions options) {
        return new OnnxFootprint(bundle, spec.mode()).predict(spec, maxLength, kv, options.chunk());
    }
}
