package dev.cleave.edge.session;

import dev.cleave.generation.LatencyTarget;
import dev.cleave.generation.SplitConfig;
import dev.cleave.model.EngineOptions;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.sampling.SamplingOptions;
import java.util.Optional;

/**
 * What a session is made of.
 *
 * @param bundle the prepared model
 * @param split where it is split, and at which widths and codec levels
 * @param context tokens of prompt and answer together, 2..the model's context
 * @param engine threads and chunks of the device's engine
 * @param sampling how tokens are chosen, with the seed
 * @param target what a token may take, where something is promised
 * @param raw whether prompts are taken as they are, without the model's chat template
 * @param worker how to get to the worker; needed unless the split leaves no layers to it
 */
public record EdgeConfig(
        Bundle bundle,
        SplitConfig split,
        int context,
        EngineOptions engine,
        SamplingOptions sampling,
        Optional<LatencyTarget> target,
        boolean raw,
        Optional<WorkerAccess> worker) {

    /**
     * Checks split and worker.
     *
     * @throws dev.cleave.model.ModelException with {@code OUT_OF_RANGE} for a split or widths that the bundle does not have
     * @throws IllegalArgumentException where layers are left to a worker and there is no way to it
     */
    public EdgeConfig {
        split.check(bundle);
        if (split.needsCloud(bundle) && !worker.isPresent()) {
            throw new IllegalArgumentException(
                    "split " + split.split() + " leaves layers to a worker: say how to get to it");
        }
    }

    /** Returns the configuration of the usual kind: greedy, nothing promised, with the model's chat template. */
    public static EdgeConfig of(Bundle bundle, SplitConfig split, Optional<WorkerAccess> worker) {
        return new EdgeConfig(
                bundle,
                split,
                bundle.architecture().context(),
                EngineOptions.DEFAULT,
                SamplingOptions.GREEDY,
                Optional.empty(),
                false,
                worker);
    }
}
