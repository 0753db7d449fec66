package dev.cleave.edge.cli;

import dev.cleave.codec.CodecLevel;
import dev.cleave.edge.CliException;
import dev.cleave.edge.ExitCode;
import dev.cleave.edge.report.MemoryPrediction;
import dev.cleave.generation.SplitConfig;
import dev.cleave.generation.link.LinkPlan;
import dev.cleave.model.KvPrecision;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.optimizer.plan.Plan;
import dev.cleave.optimizer.plan.Setting;
import java.util.Optional;

/**
 * How a model is divided here, and for how long a text.
 *
 * @param config between device and cloud
 * @param context tokens that the KV caches hold
 * @param plan that chose it, where one did
 */
public record ChosenSplit(SplitConfig config, int context, Optional<Plan> plan) {
    /** A cache for more is seldom wanted, and a long context's would not fit a device. */
    private static final int USUAL_CONTEXT = 4096;

    /** Returns what the options say, and their defaults. */
    public static ChosenSplit of(Bundle bundle, ModelOptions options) {
        int split = options.split == null ? bundle.architecture().layers() / 2 : options.split;
        SplitConfig config = new SplitConfig(
                        split, options.frontBits(), options.backBits(), options.link(bundle, split), options.mode)
                .withKv(options.kv());
        config.check(bundle);
        return new ChosenSplit(config, context(bundle, options), Optional.empty());
    }

    /** Returns what a plan's setting says. */
    public static ChosenSplit of(Bundle bundle, ModelOptions options, Setting setting, Optional<Plan> plan) {
        LinkPlan link = setting.decodeLink().isEmpty()
                ? LinkPlan.of(CodecLevel.of("lossless"))
                : LinkPlan.of(CodecLevel.of(setting.promptLink()), CodecLevel.of(setting.decodeLink()));
        LinkPlan scheduled = options.scheduled(link, bundle, setting.split());
        int unused = bundle.widths().get(0);
        SplitConfig config = new SplitConfig(
                setting.split(),
                setting.frontBits() == 0 ? unused : setting.frontBits(),
                setting.backBits() == 0 ? unused : setting.backBits(),
                scheduled,
                options.mode,
                setting.kv().equals(KvPrecision.FLOAT16.label()) ? KvPrecision.FLOAT16 : KvPrecision.FLOAT32);
        config.check(bundle);
        return new ChosenSplit(config, setting.length(), plan);
    }

    /**
     * Returns whether the device's process stays within a budget.
     *
     * @param memory bytes, or null for any
     */
    public boolean fits(Bundle bundle, Long memory) {
        return memory == null || MemoryPrediction.of(bundle, config, context).total() <= memory;
    }

    /** Returns the tokens that the KV caches are to hold. */
    public static int context(Bundle bundle, ModelOptions options) {
        int greatest = bundle.architecture().context();
        int context = options.context == null ? Math.min(greatest, USUAL_CONTEXT) : options.context;
        if (context < 2 || context > greatest) {
            throw new CliException(
                    ExitCode.OUT_OF_RANGE,
                    "--context " + context + " is outside 2.." + greatest + ", the context of " + bundle.name());
        }
        return context;
    }
}
