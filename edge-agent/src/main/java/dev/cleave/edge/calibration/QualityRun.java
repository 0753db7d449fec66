package dev.cleave.edge.calibration;

import dev.cleave.codec.Calibration;
import dev.cleave.codec.LinkQuality;
import dev.cleave.edge.evaluation.FinishedWork;
import dev.cleave.edge.evaluation.SplitModel;
import dev.cleave.edge.evaluation.TextEvaluation;
import dev.cleave.edge.evaluation.TextEvaluation.Steps;
import dev.cleave.edge.evaluation.TextResult;
import dev.cleave.generation.Cut;
import dev.cleave.generation.TunedLinks;
import dev.cleave.model.Mode;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.bundle.BundleAddition;
import dev.cleave.optimizer.file.QualityFile;
import dev.cleave.optimizer.profile.Curve;
import dev.cleave.optimizer.profile.LinkLoss;
import dev.cleave.optimizer.profile.QualityProfile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * Measures what narrower weights and links lose: the mean divergence KL of the predictions, on that one of a dozen texts of the
 * model's own where it is greatest. A model that mostly writes what is easy to foretell is to keep its quality where it does
 * not. On a text of its own a model's perplexity rises by e^KL − 1 in expectation.
 *
 * <p>Weights are measured at a quarter, half and three quarters of the layers and at the ends, against the widest on both sides;
 * links at the same splits and where they are calibrated, against a lossless one between the same segments. Then everything at
 * once in the middle, for every pair of widths: how far that is from the sum of its parts, where the sum is at most 0.1, is the
 * additive form's error.
 */
public final class QualityRun {
    private static final int TOKENS = 3072;

    /** A frame's size needs fewer than a loss does, and token by token they take longer. */
    private static final int DECODE_WINDOWS = 2;

    private static final int QUARTERS = 4;
    private static final double MOST_SUM = 0.1;
    private static final LinkQuality LOSSLESS = LinkQuality.of("lossless");

    private final SegmentEngine engine;
    private final Bundle bundle;
    private final int layers;
    private final int widest;
    private final List<int[]> windows;
    private final CalibrationRun.Progress progress;
    private long done;
    private long total;

    private QualityRun(SegmentEngine engine, Bundle bundle, CalibrationRun.Progress progress) {
        this.engine = engine;
        this.bundle = bundle;
        this.progress = progress;
        layers = bundle.architecture().layers();
        widest = bundle.widths().get(bundle.widths().size() - 1);
        int length = CalibrationRun.window(bundle);
        // Other text than a calibration learns from: another seed.
        windows = SelfText.write(
                engine, bundle, CalibrationRun.textBits(bundle), Math.max(1, TOKENS / length), length, 1, all -> {});
    }

    /**
     * Measures, and puts the result into the bundle.
     *
     * @param frontBits width of the layers in front of the links that are measured
     * @return the bundle with its losses
     */
    public static Bundle measure(SegmentEngine engine, Bundle bundle, int frontBits, CalibrationRun.Progress progress) {
        QualityProfile profile = new QualityRun(engine, bundle, progress).run(frontBits);
        return BundleAddition.replace(
                bundle, Bundle.QUALITY, "quality", List.of(new BundleAddition.Content(-1, QualityFile.write(profile))));
    }

    private QualityProfile run(int frontBits) {
        Set<Integer> splits = new TreeSet<>();
        for (int quarter = 1; quarter < QUARTERS; quarter++) {
            splits.add(Math.min(Math.max(1, layers - 1), Math.max(1, layers * quarter / QUARTERS)));
        }
        Set<Integer> calibrated = bundle.files().stream()
                .filter(file -> file.role().equals(Bundle.CALIBRATION))
                .map(file -> file.layer())
                .collect(Collectors.toCollection(TreeSet::new));
        Set<Integer> crossed = new TreeSet<>(splits);
        crossed.addAll(calibrated);
        int narrower = bundle.widths().size() - 1;
        int pairs = bundle.widths().size() * bundle.widths().size();
        boolean divides = layers > 1;
        total = divides ? narrower * (2L * splits.size() + 1) + crossed.size() + pairs : 1;
        Map<Integer, Curve> front = new TreeMap<>();
        Map<Integer, Curve> back = new TreeMap<>();
        for (int bits : bundle.widths()) {
            widths(bits, divides ? splits : Set.of(), front, back);
        }
        List<LinkLoss> links = divides ? links(frontBits, splits, calibrated, crossed) : List.of();
        double error = divides ? additivity(front, back, links, layers / 2) : 0;
        return new QualityProfile(bundle.modelHash(), front, back, links, Map.of("float32", 0.0), error);
    }

    private void widths(int bits, Set<Integer> splits, Map<Integer, Curve> front, Map<Integer, Curve> back) {
        if (bits == widest || splits.isEmpty()) {
            Curve nothing = new Curve(List.of(new Curve.Point(0, 0)));
            front.put(bits, nothing);
            back.put(bits, nothing);
            return;
        }
        // The whole model at this width, wherever it is cut.
        double whole = loss(layers / 2, bits, bits);
        List<Curve.Point> here = new ArrayList<>(List.of(new Curve.Point(0, 0)));
        List<Curve.Point> there = new ArrayList<>(List.of(new Curve.Point(0, whole)));
        for (int split : splits) {
            here.add(new Curve.Point(split, loss(split, bits, widest)));
            there.add(new Curve.Point(split, loss(split, widest, bits)));
        }
        here.add(new Curve.Point(layers, whole));
        there.add(new Curve.Point(layers, 0));
        front.put(bits, new Curve(here));
        back.put(bits, new Curve(there));
    }

    /** Returns what widths lose against the widest, the link being lossless. */
    private double loss(int split, int frontBits, int backBits) {
        double loss = against(split, frontBits, backBits, List.of()).get("lossless");
        advanced("split " + split);
        return loss;
    }

    /** Returns, by link, what widths and link lose together against the widest over a lossless one. */
    private Map<String, Double> against(int split, int frontBits, int backBits, List<LinkQuality> links) {
        Cut cut = new Cut(split, frontBits, backBits, LOSSLESS, Mode.FAST);
        Cut whole = new Cut(split, widest, widest, LOSSLESS, Mode.FAST);
        try (SplitModel model = new SplitModel(engine, bundle, cut, links);
                SplitModel reference = new SplitModel(engine, bundle, whole, List.of())) {
            TextEvaluation evaluation = new TextEvaluation(model, reference, FinishedWork.none());
            return worst(evaluation, windows, Steps.PROMPT, TextResult::klAgainst16Bits);
        }
    }

    private static Map<String, Double> worst(
            TextEvaluation evaluation, List<int[]> texts, Steps steps, ToDoubleFunction<TextResult> figure) {
        Map<String, Double> worst = new LinkedHashMap<>();
        for (int[] text : texts) {
            for (TextResult result : evaluation.run(List.of(text), steps, all -> {})) {
                // A divergence of nothing may come out below it, by rounding.
                worst.merge(result.link(), Math.max(0, figure.applyAsDouble(result)), Math::max);
            }
        }
        return worst;
    }

    private List<LinkLoss> links(int frontBits, Set<Integer> plain, Set<Integer> calibrated, Set<Integer> crossed) {
        Map<String, List<LinkLoss.Point>> points = new LinkedHashMap<>();
        for (int split : crossed) {
            List<LinkQuality> qualities = new ArrayList<>();
            if (plain.contains(split)) {
                qualities.addAll(LinkQuality.all());
            }
            if (calibrated.contains(split)) {
                qualities.addAll(LinkQuality.tuned());
            }
            Cut cut = new Cut(split, frontBits, widest, LOSSLESS, Mode.FAST);
            long tables = TunedLinks.calibration(bundle, split)
                    .map(Calibration::encoderBytes)
                    .orElse(0L);
            try (SplitModel model = new SplitModel(engine, bundle, cut, qualities)) {
                TextEvaluation evaluation = new TextEvaluation(model);
                Map<String, Double> losses = worst(evaluation, windows, Steps.PROMPT, TextResult::kl);
                List<TextResult> prompt = evaluation.run(windows, Steps.PROMPT, all -> {});
                List<int[]> few = windows.subList(0, Math.min(DECODE_WINDOWS, windows.size()));
                List<TextResult> decode = evaluation.run(few, Steps.DECODE, all -> {});
                for (int i = 0; i < prompt.size(); i++) {
                    String name = prompt.get(i).link();
                    if (i > 0 || plain.contains(split)) {
                        boolean tuned = LinkQuality.of(name).needsCalibration();
                        points.computeIfAbsent(name, any -> new ArrayList<>())
                                .add(new LinkLoss.Point(
                                        split,
                                        prompt.get(i).frameBytes(),
                                        decode.get(i).frameBytes(),
                                        losses.get(name),
                                        tuned ? tables : 0));
                    }
                }
            }
            advanced("links at split " + split);
        }
        List<LinkLoss> links = new ArrayList<>();
        points.forEach(
                (name, of) -> links.add(new LinkLoss(name, LinkQuality.of(name).needsCalibration(), of)));
        return links;
    }

    private double additivity(Map<Integer, Curve> front, Map<Integer, Curve> back, List<LinkLoss> links, int split) {
        double error = 0;
        List<LinkQuality> some = new ArrayList<>(List.of(LinkQuality.of("int8"), LinkQuality.of("tabq-16")));
        links.stream()
                .filter(link -> link.tuned() && link.at(split).isPresent())
                .reduce((first, second) -> second)
                .ifPresent(link -> some.add(LinkQuality.of(link.link())));
        for (int here : bundle.widths()) {
            for (int there : bundle.widths()) {
                Map<String, Double> together = against(split, here, there, some);
                for (LinkLoss link : links) {
                    if (together.containsKey(link.link()) && link.at(split).isPresent()) {
                        double sum = front.get(here).at(split)
                                + back.get(there).at(split)
                                + link.at(split).get().loss();
                        // Nobody plans with more; and great losses add up to less than their sum.
                        if (sum <= MOST_SUM) {
                            error = Math.max(error, Math.abs(together.get(link.link()) - sum));
                        }
                    }
                }
                advanced("everything at split " + split);
            }
        }
        return error;
    }

    private void advanced(String what) {
        progress.advanced(++done, total, what);
    }
}
