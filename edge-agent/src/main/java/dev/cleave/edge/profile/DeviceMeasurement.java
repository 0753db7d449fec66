package dev.cleave.edge.profile;

import dev.cleave.edge.report.MemoryPrediction;
import dev.cleave.model.Mode;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.optimizer.measure.Effort;
import dev.cleave.optimizer.measure.Gate;
import dev.cleave.optimizer.measure.MachineProfiler;
import dev.cleave.optimizer.measure.Measured;
import dev.cleave.optimizer.measure.MeasuredLinks;
import dev.cleave.optimizer.measure.OpenedFootprint;
import dev.cleave.optimizer.measure.Progress;
import dev.cleave.optimizer.measure.ThisMachine;
import dev.cleave.optimizer.profile.Provenance;
import java.util.List;

/** Measures this machine as a device of a bundle: all of its layers, with half of the memory that is free. */
public final class DeviceMeasurement {
    private static final int SHARE_OF_MEMORY = 2;

    private DeviceMeasurement() {}

    /**
     * Measures.
     *
     * @param engine stays the caller's; its threads are those that the profile holds for
     * @param widths of the bundle's, at least one
     */
    public static Measured of(
            SegmentEngine engine,
            Bundle bundle,
            List<Integer> widths,
            Mode mode,
            Effort effort,
            Provenance provenance,
            Progress progress)
            throws InterruptedException {
        int layers = bundle.architecture().layers();
        MachineProfiler.Limits limits = new MachineProfiler.Limits(
                effort,
                layers,
                ThisMachine.availableBytes() / SHARE_OF_MEMORY,
                new MachineProfiler.Limits.Process(
                        MemoryPrediction.machine(bundle), MemoryPrediction.ENGINE, MemoryPrediction.SESSION),
                Gate.OPEN);
        return new MachineProfiler(engine, new OpenedFootprint(engine), limits)
                .measure(bundle, widths, mode, MeasuredLinks.of(bundle, layers / 2), provenance, progress);
    }
}
