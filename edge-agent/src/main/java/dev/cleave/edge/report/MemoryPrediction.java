package dev.cleave.edge.report;

import dev.cleave.codec.Calibration;
import dev.cleave.engine.onnx.OnnxEngineOptions;
import dev.cleave.engine.onnx.OnnxFootprint;
import dev.cleave.generation.Cut;
import dev.cleave.generation.TunedLinks;
import dev.cleave.model.Architecture;
import dev.cleave.model.SegmentMemory;
import dev.cleave.model.SegmentSpec;
import dev.cleave.model.bundle.Bundle;

/**
 * What a device will need, in bytes, said before anything is opened. The formula is ours:
 *
 * <pre>
 * JVM and runtime + Σ packed(layer, width, mode) + KV cache + workspace [+ head at split L]
 * </pre>
 *
 * @param base virtual machine, MQTT, tokenizer, and from the first layer on ONNX Runtime with a session for each
 * @param weights packed layers, and the head at split L
 * @param kv cache of keys and values
 * @param workspace activations of one chunk, and the calibration of a tuned link
 */
public record MemoryPrediction(long base, long weights, long kv, long workspace) {
    /** Virtual machine. */
    private static final long MACHINE = 55L << 20;

    /** Returns the sum. */
    public long total() {
        return base + weights + kv + workspace;
    }

    /**
     * Predicts.
     *
     * @param context tokens that the KV cache holds
     */
    public static MemoryPrediction of(Bundle bundle, Cut cut, int context) {
        Architecture shape = bundle.architecture();
        if (cut.split() == 0) {
            return new MemoryPrediction(MACHINE, 0, 0, 0);
        }
        SegmentMemory segment = OnnxFootprint.of(
                bundle,
                new SegmentSpec(0, cut.split(), cut.frontBits(), context, cut.mode()),
                OnnxEngineOptions.DEFAULT.chunk());
        long workspace = segment.workspace();
        if (cut.needsCloud(bundle) && cut.link().needsCalibration()) {
            workspace += TunedLinks.calibration(bundle, cut.split())
                    .map(Calibration::encoderBytes)
                    .orElse(0L);
        }
        return new MemoryPrediction(MACHINE, segment.weights(), segment.kv(), workspace);
    }
}
