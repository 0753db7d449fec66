package dev.cleave.optimizer.plan;

import dev.cleave.optimizer.plan.CostTables.LinkOption;
import dev.cleave.optimizer.profile.ComputeProfile;
import dev.cleave.optimizer.profile.KvCost;
import java.util.List;

/**
 * One setting of the grid after the other, without its length: what it needs, at any length. The formulas are those of
 * docs/planner.md: the memory's and the time's parts are the design's, their forms ours. Coordinates are entered from the outermost to
 * the innermost; entering one leaves those within it open.
 */
final class CandidateCost {
    private static final int NONE = 0;

    private final CostTables tables;
    private final ComputeProfile.FixedMemory fixed;
    private final int prompt;
    private final int answer;
    private final double middle;

    /** By how much longer than usual a step of the device may take, as a share of it, and one of the cloud. */
    private final double edgeExcess;

    private final double cloudExcess;

    /** Coordinates. */
    int split;

    int front;
    int back;
    int kv;
    int decode;
    int promptLink;

    // Of the widths.
    private long weights;
    private double edgeBase;
    private double edgeSlope;
    private double cloudBase;
    private double cloudSlope;
    private double edgeChunk;
    private double edgeHead;

    /** How many times longer a step takes there because it waited for the other side. */
    private double edgeWait;

    private double cloudWait;
    private double cloudChunk;
    private double cloudHead;
    private double widthLoss;
    private final double[] promisedFirst;
    private final double[] expectedFirst;

    // Of the precision of keys and values.
    private long kvPerToken;
    private double kvBase;
    private double kvSlope;
    private double kvLoss;

    // Of the qualities.
    private LinkOption decodeOption;
    private LinkOption promptOption;
    private LinkTimes.Step step;
    private double laterMillis;
    private double stepBytes;
    private long calibration;

    /** Of the whole setting. */
    double loss;

    double expectedMillis;
    double bytesPerToken;
    double cloudMillisPerToken;

    CandidateCost(CostTables tables) {
        this.tables = tables;
        this.fixed = tables.request.device().memory();
        this.prompt = tables.request.demand().promptTokens();
        this.answer = tables.request.demand().answerTokens();
        this.middle = prompt + answer / 2.0;
        double missShare = tables.request.budget().missShare();
        this.edgeExcess = tables.request.device().step().promised(missShare);
        this.cloudExcess = tables.request.cloud().step().promised(missShare);
        int most = tables.promptLinks.stream().mapToInt(List::size).max().orElse(1);
        promisedFirst = new double[most];
        expectedFirst = new double[most];
    }

    int frontChoices() {
        return split == 0 ? 1 : tables.front.size();
    }

    int backChoices() {
        return split == tables.layers ? 1 : tables.back.size();
    }

    int kvChoices() {
        return split == 0 ? 1 : tables.kv.size();
    }

    int decodeChoices() {
        return tables.decodeLinks.get(split).size();
    }

    int promptChoices() {
        return tables.promptLinks.get(split).size();
    }

    void enterWidths(int newFront, int newBack) {
        front = newFront;
        back = newBack;
        boolean here = split > 0;
        boolean there = split < tables.layers;
        weights = here ? tables.weightBytes[front][split] : NONE;
        edgeBase = here ? tables.edgeBase[front][split] : NONE;
        edgeSlope = here ? tables.edgeSlope[front][split] : NONE;
        cloudBase = there ? tables.cloudBase[back][split] : NONE;
        cloudSlope = there ? tables.cloudSlope[back][split] : NONE;
        edgeWait = there ? tables.request.device().step().afterWait() : 1;
        cloudWait = tables.request.cloud().step().afterWait();
        edgeHead = there ? NONE : tables.front.get(front).headMillis();
        cloudHead = there ? tables.back.get(back).headMillis() : NONE;
        edgeChunk =
                here ? tables.edgeChunk[front][split] + tables.request.device().stepMillis() : NONE;
        cloudChunk =
                there ? tables.cloudChunk[back][split] + tables.request.cloud().stepMillis() : NONE;
        widthLoss = (here ? tables.frontLoss[front][split] : NONE) + (there ? tables.backLoss[back][split] : NONE);
        double cloudLater = (answer - 1) * (cloudBase + cloudSlope * middle);
        cloudMillisPerToken = (tables.chunks * cloudChunk + cloudHead + cloudLater) / answer;
        for (int i = 0; i < promptChoices(); i++) {
            promisedFirst[i] = Double.NaN;
            expectedFirst[i] = expectedFirst(i);
        }
    }

    private double expectedFirst(int link) {
        if (split == tables.layers) {
            return tables.chunks * edgeChunk + edgeHead;
        }
        return tables.prefills[split][link].expected(edgeChunk + chunkCodec(link), cloudChunk) + cloudHead;
    }

    private double promisedFirst(int link) {
        if (split == tables.layers) {
            return Budget.MARGIN * (tables.chunks * edgeChunk + edgeHead) * (1 + edgeExcess);
        }
        double edge = edgeChunk * (1 + edgeExcess) + chunkCodec(link);
        double cloud = cloudChunk * (1 + cloudExcess);
        return Budget.MARGIN * (tables.prefills[split][link].promised(edge, cloud) + cloudHead * (1 + cloudExcess));
    }

    private double chunkCodec(int link) {
        return tables.chunkTokens * tables.promptLinks.get(split).get(link).codecMillis();
    }

    void enterKv(int newKv) {
        kv = newKv;
        KvCost cost = tables.kv.get(kv);
        boolean here = split > 0;
        kvPerToken = here ? split * cost.bytesPerToken() : NONE;
        kvBase = here ? split * cost.extraDecode().base() : NONE;
        kvSlope = here ? split * cost.extraDecode().slope() : NONE;
        kvLoss = here ? tables.kvLoss[kv] : NONE;
    }

    void enterDecode(int newDecode) {
        decode = newDecode;
        decodeOption = tables.decodeLinks.get(split).get(decode);
        boolean there = split < tables.layers;
        step = tables.steps[split][decode];
        laterMillis = (answer - 1) * (edge(middle) + decodeOption.codecMillis() + step.expected() + cloud(middle));
        int overhead = there ? tables.request.link().overheadBytes() : NONE;
        stepBytes = tables.chunks * overhead + (answer - 1) * (decodeOption.bytes() + overhead);
    }

    void enterPrompt(int newPrompt) {
        promptLink = newPrompt;
        promptOption = tables.promptLinks.get(split).get(promptLink);
        calibration = Math.max(promptOption.memoryBytes(), decodeOption.memoryBytes());
        loss = widthLoss + kvLoss + Math.max(promptOption.loss(), decodeOption.loss());
        expectedMillis = (expectedFirst[promptLink] + laterMillis) / answer;
        bytesPerToken = (prompt * promptOption.bytes() + stepBytes) / answer;
    }

    /** Returns the bytes of the device's process. */
    long memory(int length) {
        return base() + weights + kvPerToken * length + workspace(length);
    }

    private long base() {
        return fixed.base() + (split > 0 ? fixed.engine() : NONE) + (split < tables.layers ? fixed.session() : NONE);
    }

    private long workspace(int length) {
        return split == 0
                ? NONE
                : fixed.workspace() + fixed.rotary(length) + tables.kv.get(kv).scratch(split, length) + calibration;
    }

    /** Returns the promised ms of a token at a position. */
    double token(int position) {
        return tokenTime(position).total();
    }

    private Forecast.TokenTime tokenTime(int position) {
        double edge = edge(position);
        double cloud = cloud(position);
        double codec = decodeOption.codecMillis();
        double usual = edge + codec + step.usual() + cloud;
        double reserve = (Budget.MARGIN - 1) * usual + Budget.MARGIN * excess(edge, cloud);
        return new Forecast.TokenTime(edge, codec, step.usual(), cloud, reserve);
    }

    /** Bad moments of device, link and cloud do not coincide: their squares add up, as those of deviations do. */
    private double excess(double edge, double cloud) {
        double ofEdge = edge * edgeExcess;
        double ofCloud = cloud * cloudExcess;
        return Math.sqrt(ofEdge * ofEdge + step.excess() * step.excess() + ofCloud * ofCloud);
    }

    private double edge(double position) {
        return (edgeBase + kvBase + (edgeSlope + kvSlope) * position) * edgeWait;
    }

    private double cloud(double position) {
        return (cloudBase + cloudSlope * position) * cloudWait;
    }

    /** Returns the promised ms to the first token: a quantile over all samples, worked out when it is asked for. */
    double first() {
        if (Double.isNaN(promisedFirst[promptLink])) {
            promisedFirst[promptLink] = promisedFirst(promptLink);
        }
        return promisedFirst[promptLink];
    }

    /** Returns what the setting is and needs, at a length. */
    Plan plan(int length) {
        boolean here = split > 0;
        boolean there = split < tables.layers;
        Setting setting = new Setting(
                split,
                here ? tables.front.get(front).bits() : NONE,
                there ? tables.back.get(back).bits() : NONE,
                promptOption.name(),
                decodeOption.name(),
                here ? tables.kv.get(kv).name() : "",
                length);
        Forecast forecast = new Forecast(
                new Forecast.Memory(base(), weights, kvPerToken * length, workspace(length)),
                tokenTime(length),
                first(),
                expectedMillis,
                loss,
                bytesPerToken,
                cloudMillisPerToken);
        return new Plan(setting, forecast, tables.request.objective().cost(forecast, length));
    }
}
