package dev.cleave.edge.report;

import dev.cleave.edge.Failure;
import dev.cleave.generation.GenerationResult;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.optimizer.plan.Plan;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a run was.
 *
 * @param bundle of the device
 * @param result text and figures, partial where it failed
 * @param prediction of the device's memory
 * @param plan that chose how the model is divided, where one did
 * @param peakResident greatest resident set of this process, bytes (VmHWM), where the system tells
 * @param failure that ended it
 */
public record Report(
        Bundle bundle,
        GenerationResult result,
        MemoryPrediction prediction,
        Optional<Plan> plan,
        OptionalLong peakResident,
        Optional<Failure> failure) {}
