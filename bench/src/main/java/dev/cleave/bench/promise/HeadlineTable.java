package dev.cleave.bench.promise;

import dev.cleave.bench.Machine;
import dev.cleave.edge.plan.PlanInputs;
import dev.cleave.edge.plan.UnmeasuredQuality;
import dev.cleave.edge.report.MemoryPrediction;
import dev.cleave.generation.GenerationResult;
import dev.cleave.generation.SplitConfig;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.tokenizer.Tokenizer;
import dev.cleave.optimizer.plan.Budget;
import dev.cleave.optimizer.plan.Choices;
import dev.cleave.optimizer.plan.Constraint;
import dev.cleave.optimizer.plan.Demand;
import dev.cleave.optimizer.plan.Objective;
import dev.cleave.optimizer.plan.Plan;
import dev.cleave.optimizer.plan.PlanAnswer.Planned;
import dev.cleave.optimizer.plan.Planner;
import dev.cleave.optimizer.profile.ComputeProfile;
import dev.cleave.optimizer.profile.LinkProfile;
import dev.cleave.transport.emulation.LinkShape;
import dev.cleave.transport.emulation.ShapedProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Writes what the planned split is worth, on emulated devices, clouds and links: against the whole model on the device in the same
 * memory, the same split with a link of 16 bits a value, and the whole model in the cloud.
 *
 * <p>Arguments: the file to write, the bundle, then pairs SLOWNESS:LOAD of device and cloud. The repository's root is the working
 * directory; the cloud service must be packaged.
 */
public final class HeadlineTable {
    private static final Place.Text TEXT = new Place.Text(
            "Once upon a time, there was a little girl who lived in a small house near the forest with her mother and a cat",
            24,
            96);
    private static final int PAIRS = 12;
    private static final int FRONT_BITS = 4;
    private static final int BACK_BITS = 8;
    private static final int HERE_BITS = 2;
    private static final int[] SLOWNESSES = {1, 4, 10};
    private static final int[] LOADS = {1, 4, 16};
    private static final String LINK = "tabq-08";
    private static final String WIDE_LINK = "bf16";

    private final StringBuilder markdown = new StringBuilder();
    private final Bundle bundle;
    private final int layers;
    private final double memoryBytes;
    private final Map<Emulated, LinkProfile> links = new LinkedHashMap<>();
    private ComputeProfile device;
    private ComputeProfile cloud;

    private HeadlineTable(Bundle bundle) {
        this.bundle = bundle;
        layers = bundle.architecture().layers();
        memoryBytes = MemoryPrediction.of(bundle, here(), TEXT.context()).total();
    }

    /** Measures and writes. */
    public static void main(String[] args) throws Exception {
        HeadlineTable table = new HeadlineTable(Bundle.open(Path.of(args[1])));
        String head = Files.readString(Path.of("bench/src/main/resources/headline-head.md"));
        table.line(head.strip(), table.memoryBytes / (1 << 20), TEXT.tokens(), TEXT.context());
        for (String pair : List.of(args).subList(2, args.length)) {
            String[] parts = pair.split(":");
            table.setting(Double.parseDouble(parts[0]), Double.parseDouble(parts[1]));
        }
        table.map(Tokenizer.of(table.bundle.tokenizerJson()).encode(TEXT.prompt(), false).length);
        table.line("");
        table.line(
                "%s", Machine.line("bench/run promise.HeadlineTable docs/results/headline.md BUNDLE SLOWNESS:LOAD…"));
        Files.writeString(Path.of(args[0]), table.markdown);
        System.exit(0);
    }

    private SplitConfig here() {
        return Place.config(layers, HERE_BITS, HERE_BITS, LINK);
    }

    private SplitConfig there() {
        return Place.config(layers, BACK_BITS, BACK_BITS, LINK);
    }

    private void setting(double slowness, double load) throws IOException, InterruptedException {
        Path root = Path.of("").toAbsolutePath();
        cloud = cloud == null ? Place.idleProfile(bundle, root) : cloud;
        try (Place place = Place.of(bundle, root, load);
                TextService service =
                        TextService.start(bundle, place.tokenizer(), place.engine(), load, TEXT, there());
                ShapedProxy proxy = ShapedProxy.start(service.uri(), LinkShape.NONE, 1)) {
            place.warmUp(Place.config(layers / 2, FRONT_BITS, BACK_BITS, LINK));
            TextService.ask(service.uri(), TEXT.prompt());
            device = device == null ? place.deviceProfile() : device;
            double here =
                    Place.answerMillis(place.run(new Emulated(0, 0, slowness), here(), TEXT, Double.POSITIVE_INFINITY));
            line("");
            line("## Device %.0f times slower, cloud shared by %.0f, emulated", slowness, load);
            line("");
            line("The whole model here at %d bits: %.1f ms a token, whatever the link.", HERE_BITS, here);
            line("");
            line(
                    "| Mbit/s | round trip, ms | planned ℓ | ms a token | split ℓ | ms a token | its link with 16 bits | gain | whole in the"
                            + " cloud | planned is faster than here | than there | cloud, ms a token: split | whole |");
            line("|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
            for (Emulated link : Emulated.links(slowness)) {
                place.shape(link);
                proxy.setLink(LinkShape.of(link.megabits(), link.roundTripMillis()));
                LinkProfile measured = place.linkProfile(PAIRS);
                links.put(new Emulated(link.megabits(), link.roundTripMillis(), 1), measured);
                row(place, link, inputs(measured, slowness, load), here, proxy);
            }
        }
    }

    private void row(Place place, Emulated link, PlanInputs inputs, double here, ShapedProxy proxy) throws IOException {
        int prompt = place.promptTokens(TEXT);
        Plan planned = plan(prompt, inputs, 0, layers);
        Plan split = plan(prompt, inputs, 1, layers - 1);
        int at = split.setting().split();
        GenerationResult own = place.run(link, config(at, LINK), TEXT, Double.POSITIVE_INFINITY);
        GenerationResult wide = place.run(link, config(at, WIDE_LINK), TEXT, Double.POSITIVE_INFINITY);
        double splitMillis = Place.answerMillis(own);
        double plannedMillis = planned.setting().split() == at
                ? splitMillis
                : Place.answerMillis(
                        place.run(link, config(planned.setting().split(), LINK), TEXT, Double.POSITIVE_INFINITY));
        double there = TextService.ask(proxy.uri(), TEXT.prompt());
        double wideMillis = Place.answerMillis(wide);
        line(
                "| %.0f | %.0f | %d | %.1f | %d | %.1f | %.1f | %.2f | %.1f | %.2f | %.2f | %.1f | %.1f |",
                link.megabits(),
                link.roundTripMillis(),
                planned.setting().split(),
                plannedMillis,
                at,
                splitMillis,
                wideMillis,
                wideMillis / splitMillis,
                there,
                here / plannedMillis,
                there / plannedMillis,
                split.forecast().cloudMillisPerToken(),
                plan(prompt, inputs, 0, 0).forecast().cloudMillisPerToken());
        System.err.println(link + " " + planned.setting() + " " + plannedMillis + " " + split.setting() + " "
                + splitMillis + " wide " + wideMillis + " there " + there + " here " + here);
    }

    private PlanInputs inputs(LinkProfile link, double slowness, double load) {
        return new PlanInputs(
                Scaled.by(device, slowness), Scaled.by(cloud, load), link, UnmeasuredQuality.of(bundle), false);
    }

    /** Writes by how much the best split is predicted to be faster than the whole model in the cloud, over devices and clouds. */
    private void map(int promptTokens) {
        line("");
        line("## Where the split wins, predicted");
        line("");
        line(
                "How many times faster than the whole model in the cloud the best split of 1..L−1 is by the planner's forecasts, with the"
                        + " profiles and links as measured above; above 1 the split wins. k: the device's slowness, c: sessions that share"
                        + " the cloud.");
        line("");
        StringBuilder head = new StringBuilder("| Mbit/s | round trip, ms |");
        StringBuilder rule = new StringBuilder("|---:|---:|");
        for (int slowness : SLOWNESSES) {
            for (int load : LOADS) {
                head.append(" k ").append(slowness).append(", c ").append(load).append(" |");
                rule.append("---:|");
            }
        }
        line("%s", head);
        line("%s", rule);
        links.forEach((link, measured) -> {
            StringBuilder row = new StringBuilder();
            for (int slowness : SLOWNESSES) {
                for (int load : LOADS) {
                    PlanInputs inputs = inputs(measured, slowness, load);
                    double split =
                            plan(promptTokens, inputs, 1, layers - 1).forecast().expectedMillis();
                    double gain = there(promptTokens, inputs, link) / split;
                    row.append(String.format(Locale.ROOT, gain > 1 ? " **%.2f** |" : " %.2f |", gain));
                }
            }
            line("| %.0f | %.0f |%s", link.megabits(), link.roundTripMillis(), row);
        });
    }

    /** Predicts the whole model in the cloud: its computing, and one round trip for the whole answer. */
    private double there(int promptTokens, PlanInputs inputs, Emulated link) {
        LinkProfile none = new LinkProfile(List.of(new LinkProfile.Sample(0, 1e8, 0)), 0, Integer.BYTES);
        PlanInputs apart = new PlanInputs(inputs.device(), inputs.cloud(), none, inputs.quality(), false);
        return plan(promptTokens, apart, 0, 0).forecast().expectedMillis() + link.roundTripMillis() / TEXT.tokens();
    }

    private static SplitConfig config(int split, String link) {
        return Place.config(split, FRONT_BITS, BACK_BITS, link);
    }

    /** Returns the fastest plan within the memory that the whole model takes at the least width. */
    private Plan plan(int promptTokens, PlanInputs inputs, int from, int to) {
        Choices choices = new Choices(
                IntStream.rangeClosed(from, to).boxed().toList(),
                List.of(FRONT_BITS),
                List.of(BACK_BITS),
                List.of(LINK),
                List.of(LINK),
                List.of());
        Demand demand = new Demand(promptTokens, TEXT.tokens(), TEXT.context(), TEXT.context());
        Budget budget = Budget.NONE.with(Constraint.MEMORY, memoryBytes);
        return ((Planned) Planner.plan(inputs.request(new PlanInputs.Wish(demand, budget, choices, Objective.TIME))))
                .best();
    }

    private void line(String format, Object... values) {
        markdown.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
