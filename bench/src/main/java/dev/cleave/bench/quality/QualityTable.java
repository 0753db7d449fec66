package dev.cleave.bench.quality;

import dev.cleave.bench.Machine;
import dev.cleave.model.EngineOptions;
import dev.cleave.model.EngineProvider;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.optimizer.profile.Curve;
import dev.cleave.optimizer.profile.LinkLoss;
import dev.cleave.quality.calibration.QualityMeasurement;
import dev.cleave.quality.calibration.QualityMeasurement.Joint;
import dev.cleave.quality.calibration.QualityRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Writes the table of what narrower weights and links lose, part by part, and how far the sum of the parts is from a measurement
 * of everything at once, for all pairs of widths.
 *
 * <p>Arguments: the file to write; then models, each {@code NAME=BUNDLE}.
 */
public final class QualityTable {
    private static final int USUAL_BITS = 4;
    private static final double PER_CENT = 100;

    private final StringBuilder markdown = new StringBuilder();
    private final List<String> shown = new ArrayList<>();

    private QualityTable() {}

    /** Measures and writes. */
    public static void main(String[] args) throws IOException {
        QualityTable table = new QualityTable();
        table.heading();
        try (SegmentEngine engine = EngineProvider.find().create(EngineOptions.DEFAULT)) {
            for (String model : Arrays.asList(args).subList(1, args.length)) {
                table.model(engine, model);
            }
        }
        table.line("");
        table.line(
                "%s",
                Machine.line(
                        "bench/run quality.QualityTable docs/results/quality.md " + String.join(" ", table.shown)));
        Files.writeString(Path.of(args[0]), table.markdown.toString());
        System.exit(0);
    }

    private void heading() {
        line("# What narrower weights and links lose");
        line("");
        line(
                "As `prepare --measure-quality` measures it, `fast`: mean divergence KL of the predictions, in thousandths of a nat"
                        + " a token, on that one of a dozen texts of the model's own (256 tokens) where it is greatest. A loss of"
                        + " 10 raises the perplexity of a model's own text by 1 %%; on other text it may rise more.");
        line("");
        line(
                "*front*: layers 1..ℓ and the embedding have the width, all others the widest; at ℓ = L the head as well. *back*:"
                        + " layers ℓ+1..L and the head have it; at ℓ = 0 the embedding as well. *link*: against the lossless link"
                        + " between the same segments. Together: everything at once at ℓ = L/2, beside the sum of the parts; what is a part itself is left out.");
    }

    private void model(SegmentEngine engine, String argument) {
        String name = argument.substring(0, argument.indexOf('='));
        shown.add(name + "=BUNDLE");
        Bundle bundle = Bundle.open(Path.of(argument.substring(name.length() + 1)));
        int frontBits = bundle.widths().contains(USUAL_BITS)
                ? USUAL_BITS
                : bundle.widths().get(0);
        long begun = System.nanoTime();
        QualityMeasurement measured = QualityRun.measure(
                engine,
                bundle,
                frontBits,
                Double.MAX_VALUE,
                (done, total, what) -> System.err.print("\r" + name + " " + done + "/" + total + " "));
        System.err.println();
        line("");
        line("## %s", name);
        line("");
        line(
                "%d layers, %s bits; %.0f s for all of it.",
                bundle.architecture().layers(), bundle.widths(), (System.nanoTime() - begun) / 1e9);
        curves("front", measured.profile().front());
        curves("back", measured.profile().back());
        links(frontBits, measured.profile().links());
        joint(measured);
    }

    private void curves(String side, Map<Integer, Curve> curves) {
        List<Curve.Point> longest = List.of();
        for (Curve curve : curves.values()) {
            longest = curve.points().size() > longest.size() ? curve.points() : longest;
        }
        StringBuilder head = new StringBuilder("| " + side + ", bits |");
        StringBuilder rule = new StringBuilder("|---:|");
        longest.forEach(point -> {
            head.append(" ℓ = ").append(point.split()).append(" |");
            rule.append("---:|");
        });
        line("");
        line("%s", head);
        line("%s", rule);
        for (Map.Entry<Integer, Curve> curve : curves.entrySet()) {
            StringBuilder row = new StringBuilder("| " + curve.getKey() + " |");
            longest.forEach(point -> row.append(" ")
                    .append(figure(curve.getValue().at(point.split())))
                    .append(" |"));
            line("%s", row);
        }
    }

    private void links(int frontBits, List<LinkLoss> links) {
        line("");
        line("Links behind a front of %d bits; bytes a token with the frame's header.", frontBits);
        line("");
        line("| link | ℓ | prompt, bytes | decode, bytes | loss |");
        line("|---|---:|---:|---:|---:|");
        for (LinkLoss link : links) {
            for (LinkLoss.Point point : link.points()) {
                line(
                        "| `%s` | %d | %.1f | %.1f | %s |",
                        link.link(), point.split(), point.promptBytes(), point.decodeBytes(), figure(point.loss()));
            }
        }
    }

    private void joint(QualityMeasurement measured) {
        line("");
        line("| front | back | link | sum | together | difference |");
        line("|---:|---:|---|---:|---:|---:|");
        for (Joint each : measured.joint()) {
            line(
                    "| %d | %d | `%s` | %s | %s | %s |",
                    each.frontBits(),
                    each.backBits(),
                    each.link(),
                    figure(each.sum()),
                    figure(each.measured()),
                    figure(each.measured() - each.sum()));
        }
        line("");
        line(
                "Greatest difference: **%s** (%.2f %% of the perplexity) where the sum is at most %s, which the profile states as"
                        + " `additivityError`; %s over all pairs of widths.",
                figure(measured.profile().additivityError()),
                PER_CENT * Math.expm1(measured.profile().additivityError()),
                figure(QualityRun.MOST_SUM),
                figure(measured.error(Double.MAX_VALUE)));
    }

    private static String figure(double nats) {
        return String.format(Locale.ROOT, "%.2f", 1000 * nats);
    }

    private void line(String format, Object... values) {
        markdown.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
