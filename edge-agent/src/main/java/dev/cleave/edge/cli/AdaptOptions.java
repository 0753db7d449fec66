package dev.cleave.edge.cli;

import dev.cleave.codec.CodecLevel;
import dev.cleave.edge.CliException;
import dev.cleave.edge.ExitCode;
import dev.cleave.edge.plan.Qualities;
import dev.cleave.edge.report.MemoryPrediction;
import dev.cleave.generation.LatencyTarget;
import dev.cleave.generation.SplitConfig;
import dev.cleave.generation.link.LinkLadder;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.optimizer.profile.QualityProfile;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Options that say what becomes of a text that does not go as planned. */
final class AdaptOptions {
    private static final double NANOS_PER_MILLI = 1e6;

    @Option(
            names = "--no-adapt",
            description = "With --deadline: count late tokens only, lower nothing and end nothing early.")
    private boolean fixed;

    @Option(
            names = "--patience",
            paramLabel = "TOKENS",
            defaultValue = "" + LatencyTarget.USUAL_MOST_LATE,
            description =
                    "With --deadline: end the text after so many late tokens in a row when nothing is left to lower"
                            + " (default: ${DEFAULT-VALUE}).")
    private int patience;

    @Option(
            names = "--offline",
            paramLabel = "RULE",
            defaultValue = "never",
            converter = RuleName.class,
            description = "Whether the device may go on alone where broker or worker are out of reach: allow or never"
                    + " (default: ${DEFAULT-VALUE}).")
    private Rule offline;

    /** Whether something may be. */
    private enum Rule {
        ALLOW,
        NEVER
    }

    /** A rule by its name. */
    static final class RuleName implements ITypeConverter<Rule> {
        @Override
        public Rule convert(String text) {
            for (Rule rule : Rule.values()) {
                if (rule.name().toLowerCase(Locale.ROOT).equals(text)) {
                    return rule;
                }
            }
            throw new TypeConversionException("'" + text + "' is neither allow nor never");
        }
    }

    /** Returns whether the device may go on alone. */
    boolean offline() {
        return offline == Rule.ALLOW;
    }

    /**
     * Returns what a token is promised.
     *
     * @param bounds deadline and memory
     * @param rise greatest rise of the perplexity that a quality may have by itself, or null for any
     */
    Optional<LatencyTarget> target(Bundle bundle, ChosenSplit chosen, BudgetOptions bounds, Double rise) {
        if (patience < 1) {
            throw new CliException(ExitCode.USAGE, "--patience " + patience + " must be at least 1");
        }
        if (bounds.deadline == null) {
            return Optional.empty();
        }
        double millis = bounds.deadline.toNanos() / NANOS_PER_MILLI;
        if (fixed) {
            return Optional.of(LatencyTarget.watched(millis));
        }
        SplitConfig config = chosen.config();
        if (config.link().changes().size() > 1) {
            // A schedule that somebody wrote is kept.
            return Optional.of(new LatencyTarget(millis, List.of(), patience));
        }
        CodecLevel planned = config.link().decode(0);
        Predicate<CodecLevel> allowed = allowed(bundle, config.split(), rise);
        LatencyTarget target = new LatencyTarget(
                millis,
                LinkLadder.below(planned, bundle.calibrationFile(config.split()).isPresent(), allowed),
                patience);
        // A calibration takes memory on this side.
        boolean fits = bounds.memory == null
                || MemoryPrediction.of(bundle, target.counted(config), chosen.context())
                                .total()
                        <= bounds.memory;
        return Optional.of(
                fits || planned.needsCalibration()
                        ? target
                        : new LatencyTarget(millis, LinkLadder.below(planned, false, allowed), patience));
    }

    /** What loses more than was asked for is not to be used, nor, where there is a bound, what nobody has measured. */
    private static Predicate<CodecLevel> allowed(Bundle bundle, int split, Double rise) {
        if (rise == null) {
            return quality -> true;
        }
        Optional<QualityProfile> losses = Qualities.of(bundle);
        return quality -> losses.flatMap(profile -> profile.link(quality.name()))
                .flatMap(link -> link.at(split))
                .filter(point -> Math.expm1(point.loss()) <= rise)
                .isPresent();
    }
}
