package dev.cleave.edge.report;

import dev.cleave.codec.Calibration;
import dev.cleave.engine.onnx.AttentionScores;
import dev.cleave.generation.Cut;
import dev.cleave.generation.TunedLinks;
import dev.cleave.model.Architecture;
import dev.cleave.model.Mode;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.bundle.BundleFile;

/**
 * What a device will need, in bytes, said before anything is opened. The formula is ours:
 *
 * <pre>
 * JVM and runtime + embedding + Σ packed(layer, width, mode) + KV cache + workspace [+ head at split L]
 * </pre>
 *
 * @param base virtual machine, ONNX Runtime, MQTT: measured, see {@link #BASE}
 * @param weights packed layers, embedding, and the head at split L
 * @param kv cache of keys and values, in the precision of the cut
 * @param workspace activations of one chunk, and the calibration of a tuned link
 */
public record MemoryPrediction(long base, long weights, long kv, long workspace) {
    /** Greatest resident set of this program with a model of next to no weights, Java 17 on x86-64, bytes. */
    public static final long BASE = 96L << 20;

    /** Tokens of one chunk. */
    private static final int CHUNK = 128;

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
            return new MemoryPrediction(BASE, 0, 0, 0);
        }
        long weights = 0;
        for (int layer = 0; layer < cut.split(); layer++) {
            weights += packed(bundle.file("layer", cut.frontBits(), layer), cut);
        }
        weights += bundle.file("embedding", cut.frontBits(), -1).bytes();
        boolean all = !cut.needsCloud(bundle);
        if (all) {
            weights += packed(bundle.file(shape.tied() ? "embedding" : "head", cut.frontBits(), -1), cut);
        }
        long kv = 2L
                * cut.split()
                * shape.kvHeads()
                * shape.headSize()
                * context
                * cut.kv().bytes();
        long widest = Math.max(Math.max(2L * shape.feedForward(), shape.qkvRows()), shape.hidden());
        long workspace = CHUNK * (2L * shape.hidden() + widest) * Float.BYTES;
        int chunk = AttentionScores.chunk(shape, cut.kv(), cut.split(), context, CHUNK);
        workspace += AttentionScores.bytes(shape, cut.kv(), context, chunk);
        if (all) {
            workspace += (long) shape.vocabulary() * Float.BYTES;
        }
        if (!all && cut.link().needsCalibration()) {
            workspace += TunedLinks.calibration(bundle, cut.split())
                    .map(Calibration::encoderBytes)
                    .orElse(0L);
        }
        return new MemoryPrediction(BASE, weights, kv, workspace);
    }

    /** In memory a group of weights brings a second float beside its scale (fast), and 16 bits become 32. */
    private static long packed(BundleFile file, Cut cut) {
        if (file.bits() == 16) {
            return 2 * file.bytes();
        }
        if (cut.mode() == Mode.EXACT) {
            return file.bytes();
        }
        double bitsOnDisk = file.bits() + 32.0 / file.block();
        double bitsPacked = file.bits() + 96.0 / file.block();
        return (long) (file.bytes() * bitsPacked / bitsOnDisk);
    }
}
