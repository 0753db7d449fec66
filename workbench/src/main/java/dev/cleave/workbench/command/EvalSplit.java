package dev.cleave.workbench.command;

import dev.cleave.codec.CodecLevel;
import dev.cleave.edge.CliException;
import dev.cleave.edge.ExitCode;
import dev.cleave.edge.cli.Converters;
import dev.cleave.generation.SplitConfig;
import dev.cleave.model.KvPrecision;
import dev.cleave.model.Mode;
import dev.cleave.model.bundle.Bundle;
import picocli.CommandLine.Option;

/** Options that say how the model is split that an evaluation looks at. */
final class EvalSplit {
    @Option(
            names = "--split",
            paramLabel = "LAYERS",
            description = "Layers in front, 1 to all but one (default: half).")
    private Integer split;

    @Option(names = "--front-bits", paramLabel = "BITS", defaultValue = "4", description = "Default: ${DEFAULT-VALUE}.")
    private int frontBits;

    @Option(names = "--back-bits", paramLabel = "BITS", defaultValue = "8", description = "Default: ${DEFAULT-VALUE}.")
    private int backBits;

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            defaultValue = "fast",
            converter = Converters.ModeName.class,
            completionCandidates = Converters.ModeNames.class,
            description = "How segments compute: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Mode mode;

    @Option(
            names = "--kv",
            paramLabel = "PRECISION",
            defaultValue = "float32",
            converter = Converters.KvName.class,
            completionCandidates = Converters.KvNames.class,
            description = "How the front stores keys and values: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private KvPrecision kv;

    /** Returns where the model is split, without loss on the link. */
    SplitConfig config(Bundle bundle) {
        int layers = bundle.architecture().layers();
        int here = split == null ? layers / 2 : split;
        if (here < 1 || here >= layers) {
            throw new CliException(
                    ExitCode.OUT_OF_RANGE,
                    "--split " + here + " is outside 1.." + (layers - 1)
                            + ": only there do activations cross between two segments");
        }
        SplitConfig config = config(here, CodecLevel.of("lossless"));
        config.check(bundle);
        return config;
    }

    /** Returns the same split over a link. */
    SplitConfig config(int here, CodecLevel link) {
        return new SplitConfig(here, frontBits, backBits, link, mode).withKv(kv);
    }

    /** Returns the same with weights of 16 bits. */
    static SplitConfig config16(Bundle bundle, SplitConfig config) {
        if (!bundle.widths().contains(16)) {
            throw new CliException(
                    ExitCode.OUT_OF_RANGE,
                    "--reference needs 16 bits, but the bundle " + bundle.name() + " has " + bundle.widths()
                            + ": prepare it again with 16 among --bits, or leave --reference out");
        }
        return new SplitConfig(config.split(), 16, 16, config.link(), config.mode());
    }
}
