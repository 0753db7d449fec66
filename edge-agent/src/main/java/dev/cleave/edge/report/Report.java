package dev.cleave.edge.report;

import dev.cleave.edge.Failure;
import dev.cleave.generation.GenerationResult;
import dev.cleave.model.bundle.Bundle;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a run was.
 *
 * @param bundle of the device
 * @param result text and figures, partial where it failed
 * @param prediction of the device's memory
 * @param peakResident greatest resident set of this process, bytes (VmHWM), where the system tells
 * @param failure that ended it
 */
public record Report(
        Bundle bundle,
        GenerationResult result,
        MemoryPrediction prediction,
        OptionalLong peakResident,
        Optional<Failure> failure) {}
