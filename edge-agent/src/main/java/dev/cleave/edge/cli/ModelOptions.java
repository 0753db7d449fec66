package dev.cleave.edge.cli;

import dev.cleave.codec.CodecException;
import dev.cleave.codec.CodecLevel;
import dev.cleave.edge.CliException;
import dev.cleave.edge.ExitCode;
import dev.cleave.edge.plan.LinkChoice;
import dev.cleave.generation.link.LinkPlan;
import dev.cleave.model.KvPrecision;
import dev.cleave.model.Mode;
import dev.cleave.model.bundle.Bundle;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/** Options that say which model runs and how it is divided. */
public final class ModelOptions {
    public static final int FRONT_BITS = 4;
    public static final int BACK_BITS = 8;
    public static final String LINK = "int8";
    private static final String AUTO = "auto";
    private static final int MAX_THREADS = 1024;
    private static final double AUTO_RISE = 0.01;

    @Option(
            names = {"-m", "--model"},
            paramLabel = "MODEL",
            defaultValue = "hearth-5m",
            description = "Name of a prepared model, or the folder of one (default: ${DEFAULT-VALUE}).")
    public String model;

    @Option(
            names = "--split",
            paramLabel = "LAYERS",
            description = "Decoder layers on the device, from 0 to all of them (default: half).")
    public Integer split;

    @Option(
            names = "--front-bits",
            paramLabel = "BITS",
            description = "Weight width on the device: 2, 4, 8 or 16 (default: " + FRONT_BITS + ").")
    public Integer frontBits;

    @Option(
            names = "--back-bits",
            paramLabel = "BITS",
            description = "Weight width in the cloud: 2, 4, 8 or 16 (default: " + BACK_BITS + ").")
    public Integer backBits;

    @Option(
            names = "--link",
            paramLabel = "QUALITY",
            description =
                    "How activations are sent: ${COMPLETION-CANDIDATES}; the tuned ones need a calibrated bundle, and so"
                            + " does auto, the cheapest that keeps --quality (default: " + LINK + ").",
            completionCandidates = Converters.LinkNames.class)
    public String link;

    @Option(
            names = "--quality",
            paramLabel = "RISE",
            converter = Converters.Percent.class,
            description =
                    "Greatest rise of the perplexity, such as 0.5%%: with --link auto by the link (default: 1%%), with a"
                            + " plan by everything that is narrower than the bundle's widest (default: any).")
    public Double quality;

    @Option(
            names = "--prompt-link",
            paramLabel = "QUALITY",
            description = "How the prompt's activations are sent (default: as --link).")
    public String promptLink;

    @Option(
            names = "--link-from",
            paramLabel = "TOKEN=QUALITY",
            description =
                    "Change the quality in mid-text: from the generated token of that number on, the first being 0."
                            + " May be repeated.")
    private Map<Integer, String> linkFrom = new TreeMap<>();

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            defaultValue = "fast",
            converter = Converters.ModeName.class,
            completionCandidates = Converters.ModeNames.class,
            description = "How segments compute: fast (int8 activations) or exact (float; slow at 2 and 8 bits)"
                    + " (default: ${DEFAULT-VALUE}).")
    public Mode mode;

    @Option(
            names = "--kv",
            paramLabel = "PRECISION",
            converter = Converters.KvName.class,
            completionCandidates = Converters.KvNames.class,
            description = "How the device stores keys and values: float32, or float16 in half the memory"
                    + " (default: float32).")
    public KvPrecision kv;

    @Option(
            names = "--context",
            paramLabel = "TOKENS",
            description = "Tokens of prompt and answer together that the KV caches hold (default: the model's context,"
                    + " at most 4096).")
    public Integer context;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads that compute on the device (default: as many as it has processors).")
    public int threads = Runtime.getRuntime().availableProcessors();

    /** Returns how many threads compute together, once they are in their range. */
    public static int checkedThreads(int threads) {
        if (threads < 1 || threads > MAX_THREADS) {
            throw new CliException(ExitCode.USAGE, "--threads " + threads + " is outside 1.." + MAX_THREADS);
        }
        return threads;
    }

    /** Returns the width on the device. */
    public int frontBits() {
        return frontBits == null ? FRONT_BITS : frontBits;
    }

    /** Returns the width in the cloud. */
    public int backBits() {
        return backBits == null ? BACK_BITS : backBits;
    }

    /** Returns how the device stores keys and values. */
    public KvPrecision kv() {
        return kv == null ? KvPrecision.FLOAT32 : kv;
    }

    /** Returns which quality carries what. */
    public LinkPlan link(Bundle bundle, int here) {
        CodecLevel decode = named("--link", link == null ? LINK : link, bundle, here);
        LinkPlan plan =
                LinkPlan.of(promptLink == null ? decode : named("--prompt-link", promptLink, bundle, here), decode);
        return scheduled(plan, bundle, here);
    }

    /** Returns a plan with the changes in mid-text that were asked for. */
    public LinkPlan scheduled(LinkPlan planned, Bundle bundle, int here) {
        LinkPlan plan = planned;
        for (Map.Entry<Integer, String> change : new TreeMap<>(linkFrom).entrySet()) {
            if (change.getKey() < 0) {
                throw new CliException(
                        ExitCode.USAGE, "--link-from " + change.getKey() + ": the first generated token is number 0");
            }
            plan = plan.then(change.getKey(), named("--link-from", change.getValue(), bundle, here));
        }
        return plan;
    }

    private CodecLevel named(String option, String name, Bundle bundle, int here) {
        boolean crosses = here > 0 && here < bundle.architecture().layers();
        if (name.equals(AUTO)) {
            return crosses
                    ? LinkChoice.cheapest(bundle, here, quality == null ? AUTO_RISE : quality)
                    : CodecLevel.of("lossless");
        }
        try {
            return CodecLevel.of(name);
        } catch (CodecException e) {
            throw new CliException(
                    ExitCode.USAGE, option + ": '" + name + "' is none of " + new Converters.LinkNames() + ", " + AUTO);
        }
    }
}
