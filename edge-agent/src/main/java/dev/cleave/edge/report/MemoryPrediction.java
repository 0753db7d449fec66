package dev.cleave.edge.report;

import dev.cleave.codec.tuned.Calibration;
import dev.cleave.generation.SplitConfig;
import dev.cleave.generation.link.TunedLinks;
import dev.cleave.model.EngineOptions;
import dev.cleave.model.EngineProvider;
import dev.cleave.model.SegmentMemory;
import dev.cleave.model.SegmentSpec;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.bundle.BundleFile;

/**
 * What a device will need, in bytes, said before anything is opened. The formula is ours:
 *
 * <pre>
 * virtual machine + tokenizer [+ MQTT, below split L] [+ ONNX Runtime, above split 0]
 *   + Σ packed(layer, width, mode) + KV cache + workspace [+ head at split L]
 * </pre>
 *
 * The second line is the engine's own. Constants were measured with the options of the launcher on Java 17, x86-64, two
 * processors, as the peak of the resident set (VmHWM) of texts that fill the context, less the second line: hearth-5m at
 * splits 0, 1, 6, 12 and the 1.1B shape at splits 0, 1, 11, 22, at 2 to 16 bits. Each has 1 to 2 MiB of reserve, because
 * collections of garbage and compilations come when they come.
 *
 * @param base virtual machine, tokenizer, MQTT, ONNX Runtime
 * @param weights packed layers, and the head at split L
 * @param kv cache of keys and values
 * @param workspace activations of one chunk, rotary table, and the calibration of a tuned link
 * @param mapped bytes of all these that are pages of files: code of the virtual machine and of ONNX Runtime, scales of weights
 */
public record MemoryPrediction(long base, long weights, long kv, long workspace, long mapped) {
    private static final long MIB = 1 << 20;

    /** Virtual machine and program: 53.0 MiB measured, of them 19.3 mapped. */
    private static final long MACHINE = 55 * MIB;

    private static final long MACHINE_MAPPED = 19 * MIB;

    /** Paho, the session and their buffers, below split L: 6.8 MiB measured. */
    public static final long SESSION = 8 * MIB;

    /** ONNX Runtime, above split 0: 25.5 MiB measured, of them 15.6 mapped. */
    public static final long ENGINE = 27 * MIB;

    private static final long ENGINE_MAPPED = 16 * MIB;

    /** What a byte of tokenizer.json takes as objects: 20.5 MiB more with one of 2.1 MB than with one of 60 KB. */
    private static final long TOKENIZER_FACTOR = 10;

    /** Returns the sum. */
    public long total() {
        return base + weights + kv + workspace;
    }

    /** Returns the part that no file holds (RssAnon). */
    public long anonymous() {
        return total() - mapped;
    }

    /**
     * Predicts.
     *
     * @param context tokens that the KV cache holds
     */
    public static MemoryPrediction of(Bundle bundle, SplitConfig config, int context) {
        boolean cloud = config.needsCloud(bundle);
        long base = machine(bundle) + (cloud ? SESSION : 0);
        if (config.split() == 0) {
            return new MemoryPrediction(base, 0, 0, 0, MACHINE_MAPPED);
        }
        SegmentSpec spec = new SegmentSpec(0, config.split(), config.frontBits(), config.mode());
        EngineProvider.Prediction predicted =
                EngineProvider.find().predict(bundle, spec, context, config.kv(), EngineOptions.DEFAULT);
        SegmentMemory segment = predicted.total();
        long workspace = segment.workspace();
        if (cloud && config.link().needsCalibration()) {
            workspace += TunedLinks.calibration(bundle, config.split())
                    .map(Calibration::encoderBytes)
                    .orElse(0L);
        }
        return new MemoryPrediction(
                base + ENGINE,
                segment.weights(),
                segment.kv(),
                workspace,
                MACHINE_MAPPED + ENGINE_MAPPED + predicted.mapped());
    }

    /**
     * Predicts for a device that goes on alone: the whole model, after a session.
     *
     * @param config of split L
     */
    public static MemoryPrediction afterASession(Bundle bundle, SplitConfig config, int context) {
        MemoryPrediction whole = of(bundle, config, context);
        return new MemoryPrediction(whole.base + SESSION, whole.weights, whole.kv, whole.workspace, whole.mapped);
    }

    /** Returns what the process takes at every split: virtual machine, program and tokenizer, bytes. */
    public static long machine(Bundle bundle) {
        return MACHINE + tokenizer(bundle);
    }

    private static long tokenizer(Bundle bundle) {
        return TOKENIZER_FACTOR
                * bundle.files().stream()
                        .filter(file -> file.role().equals(Bundle.TOKENIZER))
                        .mapToLong(BundleFile::bytes)
                        .sum();
    }
}
