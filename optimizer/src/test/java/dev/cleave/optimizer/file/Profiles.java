package dev.cleave.optimizer.file;

import dev.cleave.optimizer.profile.CodecCost;
import dev.cleave.optimizer.profile.ComputeProfile;
import dev.cleave.optimizer.profile.ComputeProfile.FixedMemory;
import dev.cleave.optimizer.profile.KvCost;
import dev.cleave.optimizer.profile.LayerCost;
import dev.cleave.optimizer.profile.Line;
import dev.cleave.optimizer.profile.LinkProfile;
import dev.cleave.optimizer.profile.Provenance;
import dev.cleave.optimizer.profile.StepCost;
import dev.cleave.optimizer.profile.WidthCost;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Profiles by chance, each possible. */
final class Profiles {
    private Profiles() {}

    static ComputeProfile compute(long seed) {
        Random random = new Random(seed);
        int layers = 1 + random.nextInt(40);
        List<WidthCost> widths = new ArrayList<>();
        for (int bits : new int[] {2, 4, 8, 16}) {
            if (widths.isEmpty() || random.nextBoolean()) {
                widths.add(width(random, bits, layers, random.nextBoolean()));
            }
        }
        List<CodecCost> codec = new ArrayList<>();
        for (int i = random.nextInt(12); i > 0; i--) {
            codec.add(new CodecCost("link-" + i, random.nextDouble(), random.nextDouble(), random.nextDouble(), 0));
        }
        return new ComputeProfile(
                new Provenance(
                        "ab".repeat(32), "a processor, 2 cores", "2026-01-31", Map.of("java", "17", "cleave", "1")),
                random.nextBoolean() ? "fast" : "exact",
                1 + random.nextInt(4096),
                new FixedMemory(
                        random.nextInt(1 << 30),
                        random.nextInt(1 << 30),
                        random.nextInt(1 << 30),
                        random.nextInt(1 << 30),
                        512,
                        2 + random.nextInt(1 << 17)),
                step(random),
                widths,
                List.of(
                        KvCost.float32(1 + random.nextInt(1 << 20)),
                        new KvCost("float16", 1 + random.nextInt(1 << 20), random.nextInt(1 << 20), line(random, 1))),
                codec);
    }

    private static StepCost step(Random random) {
        List<Double> excess = new ArrayList<>();
        for (int i = random.nextInt(StepCost.MOST); i >= 0; i--) {
            excess.add(random.nextInt(3) * random.nextDouble() - random.nextDouble());
        }
        Collections.sort(excess);
        return new StepCost(random.nextDouble(), excess, 1 + random.nextDouble());
    }

    private static WidthCost width(Random random, int bits, int layers, boolean alike) {
        List<LayerCost> costs = new ArrayList<>();
        LayerCost one = layer(random);
        for (int i = 0; i < layers; i++) {
            costs.add(alike ? one : layer(random));
        }
        return new WidthCost(bits, costs, random.nextInt(1 << 30), random.nextDouble() * 50, random.nextInt(1 << 30));
    }

    private static LayerCost layer(Random random) {
        return new LayerCost(
                10_000_000 + random.nextInt(1_000_000), line(random, 2), line(random, 0.3), line(random, 0.4));
    }

    private static Line line(Random random, double scale) {
        return new Line(scale * (1 + random.nextDouble()), random.nextDouble() / 1000);
    }

    static LinkProfile link(long seed) {
        Random random = new Random(seed);
        List<LinkProfile.Sample> samples = new ArrayList<>();
        for (int i = 1 + random.nextInt(LinkProfile.MOST_SAMPLES); i > 0; i--) {
            samples.add(new LinkProfile.Sample(
                    random.nextDouble() * 1000, 0.1 + random.nextDouble() * 1e5, random.nextDouble()));
        }
        return new LinkProfile(samples, random.nextInt(4096), random.nextInt(4096));
    }
}
