package dev.cleave.optimizer.plan;

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
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Requests over small grids, some of which no setting can satisfy. */
final class RandomRequests {
    private static final Provenance PROVENANCE = new Provenance("abc", "machine", "2026-01-01", Map.of());
    private static final List<String> LINKS = List.of("int8", "tabq-08", "tuned-36");
    private static final List<Integer> WIDTHS = List.of(2, 4, 8);

    private final Random random;

    RandomRequests(long seed) {
        random = new Random(seed);
    }

    PlanRequest next() {
        int layers = 1 + random.nextInt(5);
        int context = 16 + random.nextInt(48);
        List<Integer> widths = WIDTHS.subList(0, 1 + random.nextInt(3));
        int prompt = 1 + random.nextInt(8);
        int answer = 1 + random.nextInt(8);
        int least = Math.min(context, prompt + answer + random.nextInt(4));
        int most = least + random.nextInt(60);
        return new PlanRequest(
                machine(layers, context, widths),
                machine(layers, context, widths),
                link(),
                quality(layers, widths),
                new Demand(prompt, answer, least, most),
                budget(),
                choices(layers),
                objective());
    }

    private ComputeProfile machine(int layers, int context, List<Integer> widths) {
        List<WidthCost> costs = new ArrayList<>();
        for (int bits : widths) {
            List<LayerCost> all = new ArrayList<>();
            for (int i = 0; i < layers; i++) {
                all.add(new LayerCost(
                        bits * 10_000L + random.nextInt(5000),
                        new Line(uniform(0.1, 0.4), random.nextInt(3) == 0 ? 0 : uniform(0, 0.01)),
                        new Line(uniform(0.05, 0.1), uniform(0, 0.001)),
                        new Line(uniform(0.05, 0.2), uniform(0, 0.001))));
            }
            costs.add(new WidthCost(bits, all, random.nextInt(50_000), uniform(0, 1), random.nextInt(30_000)));
        }
        List<KvCost> kv = new ArrayList<>();
        kv.add(KvCost.float32(1000));
        if (random.nextBoolean()) {
            kv.add(new KvCost(
                    "float16",
                    500,
                    random.nextInt(2) * random.nextInt(300),
                    new Line(uniform(0, 0.05), uniform(0, 0.001))));
        }
        List<CodecCost> codec = new ArrayList<>();
        for (String name : LINKS) {
            codec.add(new CodecCost(name, uniform(0, 0.1), uniform(0, 0.1), uniform(0, 0.05), uniform(0, 0.05)));
        }
        return new ComputeProfile(
                PROVENANCE,
                "fast",
                random.nextBoolean() ? 1 + random.nextInt(6) : 15 + random.nextInt(20),
                new ComputeProfile.FixedMemory(
                        100_000 + random.nextInt(10_000),
                        random.nextInt(5000),
                        random.nextInt(5000),
                        random.nextInt(20_000),
                        random.nextInt(200),
                        context),
                step(),
                costs,
                kv,
                codec);
    }

    private StepCost step() {
        List<Double> excess = new ArrayList<>();
        for (int i = random.nextInt(20); i >= 0; i--) {
            excess.add(uniform(-0.3, 0.8));
        }
        Collections.sort(excess);
        return new StepCost(uniform(0, 0.2), excess, uniform(1, 2));
    }

    private LinkProfile link() {
        List<LinkProfile.Sample> samples = new ArrayList<>();
        int count = 1 + random.nextInt(30);
        for (int i = 0; i < count; i++) {
            samples.add(new LinkProfile.Sample(
                    uniform(0.1, 5), uniform(20, 500), random.nextInt(4) == 0 ? uniform(0, 3) : 0));
        }
        return new LinkProfile(samples, random.nextInt(80), 80 + random.nextInt(10));
    }

    private QualityProfile quality(int layers, List<Integer> widths) {
        Map<Integer, Curve> front = new TreeMap<>();
        Map<Integer, Curve> back = new TreeMap<>();
        for (int bits : widths) {
            front.put(bits, curve(layers));
            back.put(bits, curve(layers));
        }
        List<LinkLoss> links = new ArrayList<>();
        for (String name : LINKS) {
            List<LinkLoss.Point> points = new ArrayList<>();
            for (int split = 1; split <= Math.max(1, layers - 1); split += 1 + random.nextInt(2)) {
                points.add(new LinkLoss.Point(
                        split, uniform(10, 200), uniform(10, 200), uniform(0, 0.05), random.nextInt(10_000)));
            }
            links.add(new LinkLoss(name, name.startsWith("tuned"), points));
        }
        return new QualityProfile(
                "abc", front, back, links, Map.of("float32", 0.0, "float16", uniform(0, 0.01)), 0.001);
    }

    private Curve curve(int layers) {
        List<Curve.Point> points = new ArrayList<>();
        points.add(new Curve.Point(0, uniform(0, 0.05)));
        points.add(new Curve.Point(layers, uniform(0, 0.1)));
        return new Curve(points);
    }

    private Budget budget() {
        return new Budget(
                sometimes(uniform(80_000, 600_000)),
                sometimes(uniform(1, 40)),
                sometimes(uniform(0.5, 12)),
                uniform(0, 0.5),
                sometimes(uniform(0, 0.15)));
    }

    private double sometimes(double limit) {
        return random.nextInt(4) == 0 ? Budget.UNLIMITED : limit;
    }

    private Choices choices(int layers) {
        List<Integer> splits = random.nextInt(4) == 0 ? List.of(random.nextInt(layers + 1)) : List.of();
        return Choices.FREE.withSplits(splits);
    }

    private Objective objective() {
        return switch (random.nextInt(6)) {
            case 0 -> Objective.TIME;
            case 1 -> Objective.QUALITY;
            case 2 -> Objective.LENGTH;
            case 3 -> Objective.BYTES;
            case 4 -> Objective.CLOUD;
            default ->
                new Objective(
                        "mine",
                        uniform(0.1, 1),
                        uniform(0, 10),
                        uniform(0, 0.1),
                        uniform(0, 1),
                        random.nextBoolean() ? uniform(0, 0.5) : 0);
        };
    }

    double uniform(double least, double most) {
        return least + random.nextDouble() * (most - least);
    }
}
