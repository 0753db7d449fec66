package dev.cleave.workbench.report;

import dev.cleave.optimizer.profile.Curve;
import dev.cleave.optimizer.profile.QualityProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A bundle's losses for people. */
public final class QualityText {
    private static final double PER_CENT = 100;

    private QualityText() {}

    /** Returns lines. */
    public static List<String> of(QualityProfile profile) {
        List<String> lines = new ArrayList<>();
        profile.front().forEach((bits, curve) -> lines.add(line("front", bits, curve)));
        profile.back().forEach((bits, curve) -> lines.add(line("back", bits, curve)));
        lines.add(String.format(
                Locale.ROOT,
                "sums are off by at most %.2f %% from a measurement of everything at once",
                PER_CENT * Math.expm1(profile.additivityError())));
        return lines;
    }

    private static String line(String side, int bits, Curve curve) {
        return curve.points().stream()
                .map(point -> String.format(
                        Locale.ROOT, "split %d %.2f %%", point.split(), PER_CENT * Math.expm1(point.loss())))
                .collect(Collectors.joining(", ", side + " at " + bits + " bits: perplexity rises by ", ""));
    }
}
