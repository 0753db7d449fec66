package dev.cleave.bench.planner;

import dev.cleave.optimizer.plan.Budget;
import dev.cleave.optimizer.plan.Choices;
import dev.cleave.optimizer.plan.Demand;
import dev.cleave.optimizer.plan.Objective;
import dev.cleave.optimizer.plan.PlanRequest;
import dev.cleave.optimizer.profile.CodecCost;
import dev.cleave.optimizer.profile.ComputeProfile;
import dev.cleave.optimizer.profile.Curve;
import dev.cleave.optimizer.profile.KvCost;
import dev.cleave.optimizer.profile.LayerCost;
import dev.cleave.optimizer.profile.Line;
import dev.cleave.optimizer.profile.LinkLoss;
import dev.cleave.optimizer.profile.LinkProfile;
import dev.cleave.optimizer.profile.Provenance;
import dev.cleave.optimizer.profile.QualityProfile;
import dev.cleave.optimizer.profile.StepCost;
import dev.cleave.optimizer.profile.WidthCost;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * A request as great as they come: 80 layers of d 8192, four widths, eight codec levels for prompt and for decoding, three
 * precisions of keys and values, 256 samples of the link, lengths to 32,768. The figures are made up, of a 70-billion model's size.
 */
final class LargeRequest {
    private static final int LAYERS = 80;
    private static final int CONTEXT = 32_768;
    private static final int HIDDEN = 8192;
    private static final long LAYER_WEIGHTS = 860_000_000L;
    private static final int[] WIDTHS = {2, 4, 8, 16};
    private static final double[] LINK_BITS = {1.5, 2, 2.5, 3.3, 4.5, 6, 8.1, 16};
    private static final Provenance PROVENANCE = new Provenance("large", "made up", "2026-01-01", Map.of());

    private final SplittableRandom random = new SplittableRandom(1);

    /** Returns the request; {@code tight} where the budget leaves about a tenth of the settings. */
    PlanRequest request(Objective objective, boolean tight) {
        return new PlanRequest(
                machine(1),
                machine(0.05),
                link(),
                quality(),
                new Demand(512, 512, CONTEXT),
                tight ? new Budget(8e9, 60_000, 2500, 0.05, 0.05) : Budget.NONE,
                Choices.FREE,
                objective);
    }

    private ComputeProfile machine(double speed) {
        List<WidthCost> widths = new ArrayList<>();
        for (int bits : WIDTHS) {
            List<LayerCost> layers = new ArrayList<>();
            for (int i = 0; i < LAYERS; i++) {
                long bytes = LAYER_WEIGHTS * bits / 8;
                layers.add(new LayerCost(
                        bytes,
                        new Line(speed * bytes / 2e7 * (1 + 0.1 * random.nextDouble()), speed * 1e-4),
                        new Line(speed * bytes / 2e8, speed * 1e-4),
                        new Line(speed * bytes / 1e8, speed * 1e-4)));
            }
            widths.add(new WidthCost(bits, layers, 100_000_000L * bits, speed * 10 * bits, 100_000_000L * bits));
        }
        List<CodecCost> codec = new ArrayList<>();
        for (int i = 0; i < LINK_BITS.length; i++) {
            codec.add(new CodecCost(name(i), 0.1, 0.05, 0.05, 0.02));
        }
        return new ComputeProfile(
                PROVENANCE,
                "fast",
                128,
                new ComputeProfile.FixedMemory(55 << 20, 27 << 20, 8 << 20, 50 << 20, 512, CONTEXT),
                StepCost.steady(0.1),
                widths,
                List.of(
                        KvCost.float32(8192),
                        new KvCost("float16", 4096, 4096, new Line(0.01, 1e-6)),
                        new KvCost("int8", 2048, 4096, new Line(0.02, 1e-6))),
                codec);
    }

    private static String name(int link) {
        return "link-" + link;
    }

    private LinkProfile link() {
        List<LinkProfile.Sample> samples = new ArrayList<>();
        for (int i = 0; i < LinkProfile.MOST_SAMPLES; i++) {
            samples.add(new LinkProfile.Sample(
                    20 + 20 * random.nextDouble(), 500 + 1000 * random.nextDouble(), 5 * random.nextDouble()));
        }
        return new LinkProfile(samples, 80, 90);
    }

    private QualityProfile quality() {
        Map<Integer, Curve> curves = new TreeMap<>();
        for (int bits : WIDTHS) {
            double most = 0.5 / (1 << bits);
            curves.put(bits, new Curve(List.of(new Curve.Point(0, 0), new Curve.Point(LAYERS, most))));
        }
        List<LinkLoss> links = new ArrayList<>();
        for (int i = 0; i < LINK_BITS.length; i++) {
            double bytes = LINK_BITS[i] * HIDDEN / 8;
            links.add(new LinkLoss(
                    name(i), false, List.of(new LinkLoss.Point(1, bytes, bytes + 12, 0.02 / LINK_BITS[i], 8 << 20))));
        }
        return new QualityProfile(
                "large", curves, curves, links, Map.of("float32", 0.0, "float16", 1e-4, "int8", 1e-3), 0.001);
    }
}
