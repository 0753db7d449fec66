package dev.cleave.bench.promise;

import dev.cleave.optimizer.profile.ComputeProfile;
import dev.cleave.optimizer.profile.KvCost;
import dev.cleave.optimizer.profile.LayerCost;
import dev.cleave.optimizer.profile.Line;
import dev.cleave.optimizer.profile.StepCost;
import dev.cleave.optimizer.profile.WidthCost;
import java.util.List;

/** A profile as a machine that computes k times longer would have measured it: the emulation stretches segments, not the codec. */
final class Scaled {
    private Scaled() {}

    static ComputeProfile by(ComputeProfile profile, double k) {
        List<WidthCost> widths =
                profile.widths().stream().map(width -> width(width, k)).toList();
        return new ComputeProfile(
                profile.provenance(),
                profile.mode(),
                profile.chunk(),
                profile.memory(),
                step(profile.step(), k),
                widths,
                profile.kv().stream()
                        .map(kv -> new KvCost(
                                kv.name(), kv.bytesPerToken(), kv.scratchPerPosition(), line(kv.extraDecode(), k)))
                        .toList(),
                profile.codec());
    }

    /** The emulation computes a token k times, of which the first alone comes behind a wait. */
    private static StepCost step(StepCost step, double k) {
        return new StepCost(step.millis() * k, step.excess(), 1 + (step.afterWait() - 1) / k);
    }

    private static WidthCost width(WidthCost width, double k) {
        List<LayerCost> layers = width.layers().stream()
                .map(layer -> new LayerCost(
                        layer.packedBytes(),
                        line(layer.decode(), k),
                        line(layer.prefill(), k),
                        line(layer.shortPrefill(), k)))
                .toList();
        return new WidthCost(width.bits(), layers, width.headBytes(), width.headMillis() * k, width.embeddingBytes());
    }

    private static Line line(Line line, double k) {
        return new Line(line.base() * k, line.slope() * k);
    }
}
