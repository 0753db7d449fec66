package dev.cleave.edge.command;

import dev.cleave.codec.LinkQuality;
import dev.cleave.model.Mode;
import picocli.CommandLine.Option;

/** Options that say which model runs and how it is divided. */
final class ModelOptions {
    @Option(
            names = {"-m", "--model"},
            paramLabel = "MODEL",
            defaultValue = "hearth-5m",
            description = "Name of a prepared model, or the folder of one (default: ${DEFAULT-VALUE}).")
    String model;

    @Option(
            names = "--split",
            paramLabel = "LAYERS",
            description = "Decoder layers on the device, from 0 to all of them (default: half).")
    Integer split;

    @Option(
            names = "--front-bits",
            paramLabel = "BITS",
            defaultValue = "4",
            description = "Weight width on the device: 2, 4, 8 or 16 (default: ${DEFAULT-VALUE}).")
    int frontBits;

    @Option(
            names = "--back-bits",
            paramLabel = "BITS",
            defaultValue = "8",
            description = "Weight width in the cloud: 2, 4, 8 or 16 (default: ${DEFAULT-VALUE}).")
    int backBits;

    @Option(
            names = "--link",
            paramLabel = "QUALITY",
            defaultValue = "int8",
            converter = Converters.Link.class,
            description = "How activations are sent: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).",
            completionCandidates = Converters.LinkNames.class)
    LinkQuality link;

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            defaultValue = "fast",
            converter = Converters.ModeName.class,
            completionCandidates = Converters.ModeNames.class,
            description = "How segments compute: fast (int8 activations) or exact (float; slow at 2 and 8 bits)"
                    + " (default: ${DEFAULT-VALUE}).")
    Mode mode;

    @Option(
            names = "--context",
            paramLabel = "TOKENS",
            description = "Tokens of prompt and answer together that the KV caches hold (default: the model's context,"
                    + " at most 4096).")
    Integer context;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads that compute on the device (default: as many as it has processors).")
    int threads = Runtime.getRuntime().availableProcessors();
}
