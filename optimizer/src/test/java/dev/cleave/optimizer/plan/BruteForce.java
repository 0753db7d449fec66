package dev.cleave.optimizer.plan;

import dev.cleave.optimizer.profile.CodecCost;
import dev.cleave.optimizer.profile.ComputeProfile;
import dev.cleave.optimizer.profile.KvCost;
import dev.cleave.optimizer.profile.LayerCost;
import dev.cleave.optimizer.profile.LinkLoss;
import dev.cleave.optimizer.profile.LinkProfile;
import dev.cleave.optimizer.profile.WidthCost;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** Every setting at every length, one by one, by the formulas of docs/planner.md: slow and without cleverness. */
final class BruteForce {
    private static final double ROUNDING = 1e-9;

    private final PlanRequest request;

    BruteForce(PlanRequest request) {
        this.request = request;
    }

    /** Returns all settings with every length. */
    List<Setting> settings() {
        List<Setting> all = new ArrayList<>();
        int layers = request.device().layers();
        int least = request.demand().leastTokens();
        int most = Math.min(
                request.demand().mostTokens(), request.device().memory().context());
        for (int split = 0; split <= layers; split++) {
            if (!request.choices().splits().isEmpty()
                    && !request.choices().splits().contains(split)) {
                continue;
            }
            for (int front : split == 0 ? List.of(0) : widths(request.device())) {
                for (int back : split == layers ? List.of(0) : widths(request.cloud())) {
                    for (String kv : split == 0 ? List.of("") : kv()) {
                        for (String prompt : links(split)) {
                            for (String decode : links(split)) {
                                for (int length = least; length <= most; length++) {
                                    all.add(new Setting(split, front, back, prompt, decode, kv, length));
                                }
                            }
                        }
                    }
                }
            }
        }
        return all;
    }

    private static List<Integer> widths(ComputeProfile profile) {
        return profile.widths().stream().map(WidthCost::bits).toList();
    }

    private List<String> kv() {
        return request.device().kv().stream().map(KvCost::name).toList();
    }

    private List<String> links(int split) {
        if (split == 0 || split == request.device().layers()) {
            return List.of("");
        }
        return request.quality().links().stream()
                .filter(link -> point(link, split).isPresent())
                .map(LinkLoss::link)
                .toList();
    }

    /** Returns whether a setting keeps the budget; what lies within rounding of a limit counts as kept. */
    boolean keeps(Setting setting) {
        Budget budget = request.budget();
        return memory(setting) <= budget.memoryBytes()
                && loss(setting) <= budget.loss() + ROUNDING
                && firstToken(setting) <= budget.firstTokenMillis() + ROUNDING
                && token(setting, setting.length()) <= budget.tokenMillis() + ROUNDING;
    }

    double cost(Setting s) {
        Objective o = request.objective();
        return o.perMilli() * expected(s)
                + o.perNat() * loss(s)
                + o.perByte() * bytes(s)
                + o.perCloudMilli() * cloudMillis(s)
                - o.perTokenOfLength() * s.length();
    }

    long memory(Setting s) {
        ComputeProfile device = request.device();
        long bytes = device.memory().base();
        if (s.split() < device.layers()) {
            bytes += device.memory().session();
        }
        if (s.split() == 0) {
            return bytes;
        }
        bytes += device.memory().engine();
        WidthCost width = width(device, s.frontBits());
        bytes += width.embeddingBytes();
        for (int i = 0; i < s.split(); i++) {
            bytes += width.layers().get(i).packedBytes();
        }
        if (s.split() == device.layers()) {
            bytes += width.headBytes();
        }
        bytes += (long) s.split() * s.length() * kvCost(s.kv()).bytesPerToken();
        bytes += device.memory().workspace() + scratch(kvCost(s.kv()), s);
        int table = 2;
        while (table < s.length()) {
            table *= 2;
        }
        bytes += device.memory().rotaryPerPosition()
                * Math.min(s.length() == 1 ? 2 : table, device.memory().context());
        if (!s.promptLink().isEmpty()) {
            bytes += Math.max(
                    at(s.promptLink(), s.split()).memoryBytes(),
                    at(s.decodeLink(), s.split()).memoryBytes());
        }
        return bytes;
    }

    private static long scratch(KvCost kv, Setting s) {
        if (kv.scratchPerPosition() == 0) {
            return 0;
        }
        long quarter = (long) s.split() * s.length() * kv.bytesPerToken() / 4;
        long some = quarter > 8 * 1024 * 1024 ? 8 * 1024 * 1024 : quarter;
        return Math.max(some, s.length() * kv.scratchPerPosition());
    }

    double loss(Setting s) {
        double loss = 0;
        if (s.split() > 0) {
            loss += interpolated(request.quality().front().get(s.frontBits()).points(), s.split());
            loss += request.quality().kv().get(s.kv());
        }
        if (s.split() < request.device().layers()) {
            loss += interpolated(request.quality().back().get(s.backBits()).points(), s.split());
        }
        if (!s.promptLink().isEmpty()) {
            loss += Math.max(
                    at(s.promptLink(), s.split()).loss(),
                    at(s.decodeLink(), s.split()).loss());
        }
        return loss;
    }

    private double interpolated(List<dev.cleave.optimizer.profile.Curve.Point> points, int split) {
        double at0 = points.get(0).loss();
        double atL = points.get(1).loss();
        return at0 + (atL - at0) * split / request.device().layers();
    }

    double token(Setting s, int position) {
        double here = device(s, position);
        double there = waited(s, position);
        double worseHere = here * (unsteady(request.device()) - 1);
        double worseThere = there * (unsteady(request.cloud()) - 1);
        ToDoubleFunction<LinkProfile.Sample> between = sample -> here(s) ? 0 : link(s, sample) + sample.jitterMillis();
        double middle = quantile(between, 0.5);
        double worseBetween = quantile(between, request.budget().missShare()) - middle;
        double worse = Math.hypot(Math.hypot(worseHere, worseThere), worseBetween);
        return 1.1 * (here + codec(s) + middle + there + worse);
    }

    private double meanToken(Setting s, double position) {
        double fixed = device(s, position) + codec(s) + waited(s, position);
        return here(s) ? fixed : fixed + mean(sample -> link(s, sample) + sample.jitterMillis());
    }

    private boolean here(Setting s) {
        return s.split() == request.device().layers();
    }

    /** How many times longer than usual a machine takes in all but the allowed share of steps. */
    private double unsteady(ComputeProfile machine) {
        double[] excess =
                machine.step().excess().stream().mapToDouble(value -> value).toArray();
        for (double most : excess) {
            long within = Arrays.stream(excess).filter(value -> value <= most).count();
            if (within >= (1 - request.budget().missShare()) * excess.length - 1e-9) {
                return 1 + Math.max(0, most);
            }
        }
        throw new AssertionError("none is the greatest");
    }

    private double link(Setting s, LinkProfile.Sample sample) {
        if (s.split() == request.device().layers()) {
            return 0;
        }
        LinkProfile link = request.link();
        double bytes = s.split() == 0
                ? Math.max(link.idsBytes(), link.overheadBytes())
                : at(s.decodeLink(), s.split()).decodeBytes() + link.overheadBytes();
        return bytes / sample.bytesPerMilli() + sample.roundTripMillis();
    }

    private double device(Setting s, double position) {
        if (s.split() == 0) {
            return 0;
        }
        WidthCost width = width(request.device(), s.frontBits());
        double millis = request.device().stepMillis();
        for (int i = 0; i < s.split(); i++) {
            LayerCost layer = width.layers().get(i);
            millis += layer.decode().base() + layer.decode().slope() * position;
            KvCost kv = kvCost(s.kv());
            millis += kv.extraDecode().base() + kv.extraDecode().slope() * position;
        }
        return here(s)
                ? millis + width.headMillis()
                : millis * request.device().step().afterWait();
    }

    private double waited(Setting s, double position) {
        return cloud(s, position) * request.cloud().step().afterWait();
    }

    private double cloud(Setting s, double position) {
        if (s.split() == request.device().layers()) {
            return 0;
        }
        WidthCost width = width(request.cloud(), s.backBits());
        double millis = request.cloud().stepMillis() + width.headMillis();
        for (int i = s.split(); i < request.cloud().layers(); i++) {
            LayerCost layer = width.layers().get(i);
            millis += layer.decode().base() + layer.decode().slope() * position;
        }
        return millis;
    }

    private double codec(Setting s) {
        return s.decodeLink().isEmpty()
                ? 0
                : codecCost(request.device(), s.decodeLink()).encode()
                        + codecCost(request.cloud(), s.decodeLink()).decode();
    }

    private int chunks() {
        return (int) Math.ceil(
                (double) request.demand().promptTokens() / request.device().chunk());
    }

    double firstToken(Setting s) {
        double slower = unsteady(request.device());
        double slowerThere = unsteady(request.cloud());
        double predicted = here(s)
                ? prefill(s, 0, slower, slowerThere)
                : quantile(
                        sample -> prefill(s, 1 / sample.bytesPerMilli(), slower, slowerThere)
                                + sample.roundTripMillis()
                                + sample.jitterMillis(),
                        request.budget().missShare());
        return 1.1 * predicted;
    }

    private double prefill(Setting s, double milliPerByte, double slower, double slowerThere) {
        double tokens = (double) request.demand().promptTokens() / chunks();
        double middle = request.demand().promptTokens() / 2.0;
        int layers = request.device().layers();
        double edge = 0;
        if (s.split() > 0) {
            edge += request.device().stepMillis();
            for (int i = 0; i < s.split(); i++) {
                LayerCost layer =
                        width(request.device(), s.frontBits()).layers().get(i);
                edge += chunk(layer, tokens, middle, request.device().chunk());
            }
        }
        edge *= slower;
        if (s.split() == layers) {
            return chunks() * edge
                    + slower * width(request.device(), s.frontBits()).headMillis();
        }
        double cloud = request.cloud().stepMillis();
        for (int i = s.split(); i < layers; i++) {
            LayerCost layer = width(request.cloud(), s.backBits()).layers().get(i);
            cloud += chunk(layer, tokens, middle, request.cloud().chunk());
        }
        cloud *= slowerThere;
        double bytes = s.split() == 0
                ? 4 * tokens
                : tokens * at(s.promptLink(), s.split()).promptBytes();
        if (s.split() > 0) {
            edge += tokens
                    * (codecCost(request.device(), s.promptLink()).encodePrompt()
                            + codecCost(request.cloud(), s.promptLink()).decodePrompt());
        }
        double link = (bytes + request.link().overheadBytes()) * milliPerByte;
        double slowest = Math.max(Math.max(edge, link), cloud);
        return edge
                + link
                + cloud
                + (chunks() - 1) * slowest
                + width(request.cloud(), s.backBits()).headMillis() * slowerThere;
    }

    /** Through (1, one token), (16, a short chunk) and (full, a full one), whichever two are there. */
    private static double chunk(LayerCost layer, double tokens, double middle, int full) {
        double one = layer.decode().base() + layer.decode().slope() * middle;
        double few = 16 * (layer.shortPrefill().base() + layer.shortPrefill().slope() * middle);
        double all = full * (layer.prefill().base() + layer.prefill().slope() * middle);
        if (tokens >= full) {
            return all * tokens / full;
        }
        if (full <= 16) {
            double share = (tokens - 1) / (full - 1);
            return one * (1 - share) + all * share;
        }
        double share = tokens < 16 ? (tokens - 1) / 15 : (tokens - 16) / (full - 16);
        return tokens < 16 ? one * (1 - share) + few * share : few * (1 - share) + all * share;
    }

    double expected(Setting s) {
        double meanMilliPerByte = mean(sample -> 1 / sample.bytesPerMilli());
        double first = prefill(s, meanMilliPerByte, 1, 1)
                + (here(s) ? 0 : mean(LinkProfile.Sample::roundTripMillis) + mean(LinkProfile.Sample::jitterMillis));
        int answer = request.demand().answerTokens();
        double position = request.demand().promptTokens() + answer / 2.0;
        return (first + (answer - 1) * meanToken(s, position)) / answer;
    }

    double bytes(Setting s) {
        if (s.split() == request.device().layers()) {
            return 0;
        }
        int overhead = request.link().overheadBytes();
        int prompt = request.demand().promptTokens();
        int answer = request.demand().answerTokens();
        double promptToken = s.split() == 0 ? 4 : at(s.promptLink(), s.split()).promptBytes();
        double decodeStep = s.split() == 0
                ? Math.max(request.link().idsBytes(), overhead)
                : at(s.decodeLink(), s.split()).decodeBytes() + overhead;
        return (prompt * promptToken + chunks() * overhead + (answer - 1) * decodeStep) / answer;
    }

    double cloudMillis(Setting s) {
        if (s.split() == request.device().layers()) {
            return 0;
        }
        int prompt = request.demand().promptTokens();
        int answer = request.demand().answerTokens();
        WidthCost width = width(request.cloud(), s.backBits());
        double prefill = chunks() * request.cloud().stepMillis() + width.headMillis();
        for (int i = s.split(); i < request.cloud().layers(); i++) {
            LayerCost layer = width.layers().get(i);
            prefill += chunks()
                    * chunk(
                            layer,
                            (double) prompt / chunks(),
                            prompt / 2.0,
                            request.cloud().chunk());
        }
        return (prefill + (answer - 1) * cloud(s, prompt + answer / 2.0)) / answer;
    }

    private double mean(ToDoubleFunction<LinkProfile.Sample> of) {
        return request.link().samples().stream().mapToDouble(of).average().orElseThrow();
    }

    private double quantile(ToDoubleFunction<LinkProfile.Sample> of, double missShare) {
        double[] sorted =
                request.link().samples().stream().mapToDouble(of).sorted().toArray();
        int rank = 0;
        while (rank + 1 < (1 - missShare) * sorted.length - 1e-9) {
            rank++;
        }
        return sorted[rank];
    }

    private static WidthCost width(ComputeProfile profile, int bits) {
        return profile.widths().stream()
                .filter(width -> width.bits() == bits)
                .findFirst()
                .orElseThrow();
    }

    private KvCost kvCost(String name) {
        return request.device().kv().stream()
                .filter(kv -> kv.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static CodecCost codecCost(ComputeProfile profile, String name) {
        return profile.codec().stream()
                .filter(codec -> codec.link().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private LinkLoss.Point at(String name, int split) {
        return point(request.quality().link(name).orElseThrow(), split).orElseThrow();
    }

    private static Optional<LinkLoss.Point> point(LinkLoss link, int split) {
        LinkLoss.Point left = null;
        LinkLoss.Point right = null;
        for (LinkLoss.Point point : link.points()) {
            left = point.split() <= split ? point : left;
            right = right == null && point.split() >= split ? point : right;
        }
        if (left != null && right != null && left.split() == right.split()) {
            return Optional.of(left);
        }
        if (link.tuned()) {
            return Optional.empty();
        }
        if (left == null || right == null) {
            LinkLoss.Point only = left == null ? right : left;
            return Optional.of(
                    new LinkLoss.Point(split, only.promptBytes(), only.decodeBytes(), only.loss(), only.memoryBytes()));
        }
        double t = (split - left.split()) / (double) (right.split() - left.split());
        return Optional.of(new LinkLoss.Point(
                split,
                (1 - t) * left.promptBytes() + t * right.promptBytes(),
                (1 - t) * left.decodeBytes() + t * right.decodeBytes(),
                (1 - t) * left.loss() + t * right.loss(),
                Math.max(left.memoryBytes(), right.memoryBytes())));
    }
}
