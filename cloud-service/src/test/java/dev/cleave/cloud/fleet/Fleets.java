package dev.cleave.cloud.fleet;

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
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Fleets by chance: boards of several speeds, several links, one cloud. */
public final class Fleets {
    /** Nobody is waited for in a test; an answer is as good as it can be. */
    static final FleetRequest.Effort EXACT = new FleetRequest.Effort(Duration.ofMinutes(2), 0);

    private static final Provenance PROVENANCE = new Provenance("abc", "made up", "2026-01-01", Map.of());
    private static final int CONTEXT = 512;

    private final Random random;
    private final int layers;
    private final List<Integer> widths = List.of(4, 8);
    private final ComputeProfile cloud;
    private final QualityProfile quality;

    /** Fleets for a model of so many layers. */
    public Fleets(long seed, int layers) {
        random = new Random(seed);
        this.layers = layers;
        cloud = machine(0.05);
        quality = quality();
    }

    /** Returns the cloud's profile. */
    public ComputeProfile cloud() {
        return cloud;
    }

    /** Returns what is lost. */
    public QualityProfile quality() {
        Map<Integer, Curve> curves = Map.of(
                4, new Curve(List.of(new Curve.Point(0, 0), new Curve.Point(layers, 0.05))),
                8, new Curve(List.of(new Curve.Point(0, 0.001))));
        return new QualityProfile(
                "abc",
                curves,
                curves,
                List.of(
                        new LinkLoss("int8", false, List.of(new LinkLoss.Point(1, 256, 268, 0.001, 0))),
                        new LinkLoss("tabq-08", false, List.of(new LinkLoss.Point(1, 120, 132, 0.01, 0)))),
                Map.of("float32", 0.0),
                0.001);
    }

    /** Returns a machine; the greater the number, the slower. */
    public ComputeProfile machine(double slowness) {
        List<WidthCost> costs = new ArrayList<>();
        for (int bits : widths) {
            LayerCost layer = new LayerCost(
                    bits * 100_000L,
                    new Line(slowness * (0.5 + bits * 0.05), slowness * 1e-4),
                    new Line(slowness * 0.1, slowness * 1e-4),
                    new Line(slowness * 0.1, slowness * 1e-4));
            costs.add(new WidthCost(bits, Collections.nCopies(layers, layer), 200_000, slowness * 0.5, 100_000));
        }
        return new ComputeProfile(
                PROVENANCE,
                "fast",
                64,
                new ComputeProfile.FixedMemory(3_000_000, 1_000_000, 1_000_000, 100_000, 512, CONTEXT),
                StepCost.steady(0.02),
                costs,
                List.of(KvCost.float32(1024)),
                List.of(
                        new CodecCost("int8", 0.01, 0.01, 0.01, 0.01),
                        new CodecCost("tabq-08", 0.03, 0.02, 0.02, 0.02)));
    }

    /** Returns a link. */
    public LinkProfile link(double roundTrip, double rate) {
        return new LinkProfile(
                List.of(
                        new LinkProfile.Sample(roundTrip, rate, 0),
                        new LinkProfile.Sample(roundTrip * 1.2, rate * 0.8, 0.1)),
                80,
                90);
    }

    /** Returns a device that asks for what it may or may not get. */
    FleetDevice device(String name) {
        PlanRequest request = new PlanRequest(
                machine(uniform(1, 6)),
                cloud,
                link(uniform(1, 20), uniform(50, 2000)),
                quality,
                new Demand(16 + random.nextInt(64), 8 + random.nextInt(32), 256),
                budget(),
                Choices.FREE,
                objective());
        return new FleetDevice(name, request, uniform(0.5, 20), 1 + random.nextInt(3), 1 + random.nextInt(3));
    }

    private Budget budget() {
        double memory = random.nextInt(3) == 0 ? Budget.UNLIMITED : uniform(5_050_000, 9_000_000);
        double token = random.nextInt(3) == 0 ? Budget.UNLIMITED : uniform(5, 60);
        return new Budget(memory, Budget.UNLIMITED, token, 0.05, Budget.UNLIMITED);
    }

    private Objective objective() {
        return random.nextInt(3) == 0 ? new Objective("both", 1, 50, 0, 0, 0) : Objective.TIME;
    }

    /** Returns devices that ask for different things; some of them twice and more where copies are wanted. */
    List<FleetDevice> devices(int count, boolean copies) {
        List<FleetDevice> devices = new ArrayList<>();
        while (devices.size() < count) {
            FleetDevice next = device("d" + devices.size());
            devices.add(next);
            while (copies && devices.size() < count && random.nextBoolean()) {
                devices.add(new FleetDevice(
                        "d" + devices.size(),
                        next.request(),
                        next.tokensPerSecond(),
                        next.sessions(),
                        next.priority()));
            }
        }
        return devices;
    }

    double uniform(double least, double most) {
        return least + random.nextDouble() * (most - least);
    }

    int below(int bound) {
        return random.nextInt(bound);
    }
}
