package dev.cleave.optimizer.plan;

import dev.cleave.optimizer.ProfileException;
import dev.cleave.optimizer.profile.CodecCost;
import dev.cleave.optimizer.profile.ComputeProfile;
import dev.cleave.optimizer.profile.Curve;
import dev.cleave.optimizer.profile.KvCost;
import dev.cleave.optimizer.profile.LayerCost;
import dev.cleave.optimizer.profile.LinkLoss;
import dev.cleave.optimizer.profile.LinkProfile;
import dev.cleave.optimizer.profile.WidthCost;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The sums that all settings have in common, made once for a request: a setting's forecast is then a few additions. Indices of
 * widths, links and precisions count the request's choices, in the order of the profiles.
 */
final class CostTables {
    final PlanRequest request;
    final int layers;
    final List<WidthCost> front = new ArrayList<>();
    final List<WidthCost> back = new ArrayList<>();
    final List<KvCost> kv = new ArrayList<>();

    /** [front width][ℓ], summed over the device's layers; ms of a chunk of the prompt, of a token and of its position. */
    final long[][] weightBytes;

    final double[][] edgeBase;
    final double[][] edgeSlope;
    final double[][] edgeChunk;
    final double[][] frontLoss;

    /** [back width][ℓ], summed over the cloud's layers, with its head. */
    final double[][] cloudBase;

    final double[][] cloudSlope;
    final double[][] cloudChunk;
    final double[][] backLoss;

    /** [ℓ]: qualities of the link there; one that carries nothing at the ends. */
    final List<List<LinkOption>> promptLinks = new ArrayList<>();

    final List<List<LinkOption>> decodeLinks = new ArrayList<>();

    /** [ℓ][decode link] */
    final LinkTimes.Step[][] steps;

    /** [ℓ][prompt link] */
    final LinkTimes.Prefill[][] prefills;

    final double[] kvLoss;

    /** Tokens in a chunk of the prompt, and the number of chunks: chunks of equal size, ours. */
    final int chunks;

    final double chunkTokens;

    /**
     * A codec level at one split.
     *
     * @param name empty at the ends
     * @param bytes upwards a token, without what stands round a step
     * @param codecMillis both ends, a token
     */
    record LinkOption(String name, double bytes, double codecMillis, double loss, long memoryBytes) {}

    CostTables(PlanRequest request) {
        this.request = request;
        ComputeProfile device = request.device();
        ComputeProfile cloud = request.cloud();
        layers = device.layers();
        int prompt = request.demand().promptTokens();
        chunks = (prompt + device.chunk() - 1) / device.chunk();
        chunkTokens = (double) prompt / chunks;
        choose(device.widths(), request.choices().frontBits(), front, "choices.frontBits");
        choose(cloud.widths(), request.choices().backBits(), back, "choices.backBits");
        for (KvCost cost : device.kv()) {
            boolean measured = request.quality().kv().containsKey(cost.name());
            if (measured && Choices.allows(request.choices().kv(), cost.name())) {
                kv.add(cost);
            }
        }
        if (kv.isEmpty()) {
            throw new ProfileException(
                    "choices.kv",
                    request.choices().kv(),
                    "one that the profiles of the device and of the losses have: measure them again");
        }
        kvLoss = kv.stream()
                .mapToDouble(cost -> request.quality().kv().get(cost.name()))
                .toArray();
        double middle = prompt / 2.0;
        weightBytes = new long[front.size()][layers + 1];
        edgeBase = new double[front.size()][layers + 1];
        edgeSlope = new double[front.size()][layers + 1];
        edgeChunk = new double[front.size()][layers + 1];
        frontLoss = new double[front.size()][];
        for (int i = 0; i < front.size(); i++) {
            fillFront(i, front.get(i), middle);
            frontLoss[i] = losses(request.quality().front(), front.get(i).bits(), "quality.front");
            frontLoss[i][0] = 0;
        }
        cloudBase = new double[back.size()][layers + 1];
        cloudSlope = new double[back.size()][layers + 1];
        cloudChunk = new double[back.size()][layers + 1];
        backLoss = new double[back.size()][];
        for (int i = 0; i < back.size(); i++) {
            fillBack(i, back.get(i), middle);
            backLoss[i] = losses(request.quality().back(), back.get(i).bits(), "quality.back");
            backLoss[i][layers] = 0;
        }
        for (int split = 0; split <= layers; split++) {
            promptLinks.add(options(split, true));
            decodeLinks.add(options(split, false));
        }
        steps = new LinkTimes.Step[layers + 1][];
        prefills = new LinkTimes.Prefill[layers + 1][];
        fillLinks(new LinkTimes(request.link(), request.budget().missShare()));
    }

    /** A plain quality has as many bytes at one split as at the other: what depends on the bytes alone is worked out once. */
    private void fillLinks(LinkTimes times) {
        Map<Double, LinkTimes.Step> tokens = new HashMap<>();
        Map<Double, LinkTimes.Prefill> prompts = new HashMap<>();
        for (int split = 0; split <= layers; split++) {
            // At the last split nothing crosses.
            boolean there = split < layers;
            steps[split] = decodeLinks.get(split).stream()
                    .map(option -> there ? tokens.computeIfAbsent(option.bytes(), times::step) : LinkTimes.Step.NONE)
                    .toArray(LinkTimes.Step[]::new);
            prefills[split] = promptLinks.get(split).stream()
                    .map(option -> prompts.computeIfAbsent(
                            option.bytes(), bytes -> times.prefill(chunks, chunkTokens * bytes)))
                    .toArray(LinkTimes.Prefill[]::new);
        }
    }

    private static void choose(List<WidthCost> all, List<Integer> allowed, List<WidthCost> chosen, String field) {
        for (WidthCost cost : all) {
            if (Choices.allows(allowed, cost.bits())) {
                chosen.add(cost);
            }
        }
        if (chosen.isEmpty()) {
            throw new ProfileException(field, allowed, "widths that the profile has");
        }
    }

    private double[] losses(Map<Integer, Curve> curves, int bits, String field) {
        Curve curve = curves.get(bits);
        if (curve == null) {
            throw new ProfileException(field + "." + bits, "absent", "a loss for each width of the machine's profile");
        }
        double[] losses = new double[layers + 1];
        for (int split = 0; split <= layers; split++) {
            losses[split] = curve.at(split);
        }
        return losses;
    }

    private void fillFront(int i, WidthCost width, double middle) {
        int full = request.device().chunk();
        weightBytes[i][0] = width.embeddingBytes();
        for (int split = 1; split <= layers; split++) {
            LayerCost layer = width.layers().get(split - 1);
            weightBytes[i][split] = weightBytes[i][split - 1] + layer.packedBytes();
            edgeBase[i][split] = edgeBase[i][split - 1] + layer.decode().base();
            edgeSlope[i][split] = edgeSlope[i][split - 1] + layer.decode().slope();
            edgeChunk[i][split] = edgeChunk[i][split - 1] + layer.chunkMillis(chunkTokens, middle, full);
        }
        weightBytes[i][layers] += width.headBytes();
        edgeBase[i][layers] += width.headMillis();
        double step = request.device().stepMillis();
        for (int split = 1; split <= layers; split++) {
            edgeBase[i][split] += step;
        }
        // Without a segment the device holds none of it.
        weightBytes[i][0] = 0;
    }

    private void fillBack(int i, WidthCost width, double middle) {
        cloudBase[i][layers] = 0;
        double base = width.headMillis() + request.cloud().stepMillis();
        double slope = 0;
        double chunk = 0;
        int full = request.cloud().chunk();
        for (int split = layers - 1; split >= 0; split--) {
            LayerCost layer = width.layers().get(split);
            base += layer.decode().base();
            slope += layer.decode().slope();
            chunk += layer.chunkMillis(chunkTokens, middle, full);
            cloudBase[i][split] = base;
            cloudSlope[i][split] = slope;
            cloudChunk[i][split] = chunk;
        }
    }

    private List<LinkOption> options(int split, boolean prompt) {
        List<LinkOption> options = new ArrayList<>();
        if (split == 0) {
            // Ids: the profile of the link says what a step of one takes.
            LinkProfile link = request.link();
            double bytes = prompt ? Integer.BYTES : Math.max(0, link.idsBytes() - link.overheadBytes());
            options.add(new LinkOption("", bytes, 0, 0, 0));
            return options;
        }
        if (split == layers) {
            options.add(new LinkOption("", 0, 0, 0, 0));
            return options;
        }
        List<String> allowed =
                prompt ? request.choices().promptLinks() : request.choices().decodeLinks();
        for (LinkLoss link : request.quality().links()) {
            Optional<LinkLoss.Point> point = link.at(split);
            Optional<CodecCost> here = codec(request.device(), link.link());
            Optional<CodecCost> there = codec(request.cloud(), link.link());
            if (point.isPresent() && here.isPresent() && there.isPresent() && Choices.allows(allowed, link.link())) {
                options.add(
                        prompt
                                ? new LinkOption(
                                        link.link(),
                                        point.get().promptBytes(),
                                        here.get().encodePrompt() + there.get().decodePrompt(),
                                        point.get().loss(),
                                        point.get().memoryBytes())
                                : new LinkOption(
                                        link.link(),
                                        point.get().decodeBytes(),
                                        here.get().encode() + there.get().decode(),
                                        point.get().loss(),
                                        point.get().memoryBytes()));
            }
        }
        return options;
    }

    private static Optional<CodecCost> codec(ComputeProfile profile, String link) {
        return profile.codec().stream().filter(cost -> cost.link().equals(link)).findFirst();
    }
}
