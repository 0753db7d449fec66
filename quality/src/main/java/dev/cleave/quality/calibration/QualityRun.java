package dev.cleave.quality.calibration;

import dev.cleave.codec.CodecLevel;
import dev.cleave.codec.tuned.Calibration;
import dev.cleave.generation.SplitConfig;
import dev.cleave.generation.link.TunedLinks;
import dev.cleave.model.KvPrecision;
import dev.cleave.model.Mode;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.bundle.BundleAddition;
import dev.cleave.optimizer.file.QualityFile;
import dev.cleave.optimizer.profile.Curve;
import dev.cleave.optimizer.profile.LinkLoss;
import dev.cleave.optimizer.profile.QualityProfile;
import dev.cleave.quality.calibration.QualityMeasurement.Joint;
import dev.cleave.quality.evaluation.SplitModel;
import dev.cleave.quality.evaluation.TextEvaluation;
import dev.cleave.quality.evaluation.TextEvaluation.Steps;
import dev.cleave.quality.evaluation.TextResult;
import dev.cleave.quality.evaluation.VariantEvaluation;
import dev.cleave.quality.evaluation.VariantEvaluation.Variant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Measures what narrower weights and links lose: the mean divergence KL of the predictions, on that one of a dozen texts of the
 * model's own where it is greatest. A model that mostly writes what is easy to predict is to keep its quality where it does
 * not. On a text of its own a model's perplexity rises by e^KL − 1 in expectation.
 *
 * <p>Weights are measured at a quarter, half and three quarters of the layers and at the ends, against the widest on both sides;
 * links at the same splits and where they are calibrated, against a lossless one between the same segments. Then everything at
 * once in the middle, for every pair of widths: how far that is from the sum of its parts, where the sum is at most 0.1, is the
 * additive form's error.
 */
public final class QualityRun {
    /** Nobody plans with a greater loss, in nats; and great losses add up to less than their sum. */
    public static final double MOST_SUM = 0.1;

    private static final int TOKENS = 3072;

    /** A frame's size needs fewer than a loss does, and token by token they take longer. */
    private static final int DECODE_WINDOWS = 2;

    private static final int QUARTERS = 4;
    private static final CodecLevel LOSSLESS = CodecLevel.of("lossless");
    private static final List<String> JOINT_LINKS = List.of("lossless", "int8", "tabq-16");

    private final SegmentEngine engine;
    private final Bundle bundle;
    private final int layers;
    private final int widest;
    private final List<Integer> narrower;
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
        narrower = bundle.widths().subList(0, bundle.widths().size() - 1);
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
        QualityProfile profile =
                measure(engine, bundle, frontBits, MOST_SUM, progress).profile();
        return BundleAddition.replace(
                bundle, Bundle.QUALITY, "quality", List.of(new BundleAddition.Content(-1, QualityFile.write(profile))));
    }

    /**
     * Measures.
     *
     * @param frontBits width of the layers in front of the links that are measured
     * @param mostSum pairs of widths that lose more by themselves are not measured together, nats
     */
    public static QualityMeasurement measure(
            SegmentEngine engine, Bundle bundle, int frontBits, double mostSum, CalibrationRun.Progress progress) {
        return new QualityRun(engine, bundle, progress).run(frontBits, mostSum);
    }

    private QualityMeasurement run(int frontBits, double mostSum) {
        Set<Integer> splits = new TreeSet<>();
        Set<Integer> crossed = new TreeSet<>();
        if (layers > 1) {
            for (int quarter = 1; quarter < QUARTERS; quarter++) {
                splits.add(Math.max(1, layers * quarter / QUARTERS));
            }
            crossed.addAll(splits);
            crossed.addAll(calibrated());
        }
        int joint = splits.isEmpty() ? 0 : bundle.widths().size();
        total = (long) windows.size() * (1 + splits.size() + crossed.size() + joint);
        Map<Integer, Curve> front = new TreeMap<>();
        Map<Integer, Curve> back = new TreeMap<>();
        double float16 = widths(splits, front, back);
        Map<String, Double> kv = Map.of(KvPrecision.FLOAT32.label(), 0.0, KvPrecision.FLOAT16.label(), float16);
        List<LinkLoss> links = links(frontBits, splits, crossed);
        QualityProfile parts = new QualityProfile(bundle.modelHash(), front, back, links, kv, 0);
        List<Joint> together = splits.isEmpty() ? List.of() : together(parts, layers / 2, mostSum);
        double error = new QualityMeasurement(parts, together).error(MOST_SUM);
        return new QualityMeasurement(new QualityProfile(bundle.modelHash(), front, back, links, kv, error), together);
    }

    private Set<Integer> calibrated() {
        return bundle.files().stream()
                .filter(file -> file.role().equals(Bundle.CALIBRATION))
                .map(file -> file.layer())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Fills the curves of the widths, and returns what float16 keys and values lose where the device holds all layers. */
    private double widths(Set<Integer> splits, Map<Integer, Curve> front, Map<Integer, Curve> back) {
        // The whole model at one width, wherever it is cut.
        List<Variant> variants = new ArrayList<>();
        narrower.forEach(bits -> variants.add(new Variant(bits, bits)));
        Variant float16 = new Variant(widest, widest, LOSSLESS, KvPrecision.FLOAT16);
        variants.add(float16);
        Map<Variant, Double> whole = losses(layers, variants);
        Map<Integer, Map<Variant, Double>> divided = new TreeMap<>();
        for (int split : splits) {
            variants.clear();
            for (int bits : narrower) {
                variants.add(new Variant(bits, widest));
                variants.add(new Variant(widest, bits));
            }
            divided.put(split, losses(split, variants));
        }
        for (int bits : narrower) {
            List<Curve.Point> here = new ArrayList<>(List.of(new Curve.Point(0, 0)));
            List<Curve.Point> there = new ArrayList<>(List.of(new Curve.Point(0, whole.get(new Variant(bits, bits)))));
            divided.forEach((split, losses) -> {
                here.add(new Curve.Point(split, losses.get(new Variant(bits, widest))));
                there.add(new Curve.Point(split, losses.get(new Variant(widest, bits))));
            });
            here.add(new Curve.Point(layers, whole.get(new Variant(bits, bits))));
            there.add(new Curve.Point(layers, 0));
            front.put(bits, new Curve(here));
            back.put(bits, new Curve(there));
        }
        Curve nothing = new Curve(List.of(new Curve.Point(0, 0)));
        front.put(widest, nothing);
        back.put(widest, nothing);
        return whole.get(float16);
    }

    /** Returns what each variant loses, on the text where that is most. */
    private Map<Variant, Double> losses(int split, List<Variant> variants) {
        double[] worst = new double[variants.size()];
        int longest = windows.stream().mapToInt(each -> each.length).max().orElse(2);
        try (VariantEvaluation evaluation = new VariantEvaluation(engine, bundle, split, longest, variants)) {
            for (int[] window : windows) {
                double[] losses = evaluation.run(window);
                for (int i = 0; i < worst.length; i++) {
                    worst[i] = Math.max(worst[i], losses[i]);
                }
                advanced("split " + split);
            }
        }
        Map<Variant, Double> byArm = new LinkedHashMap<>();
        for (int i = 0; i < worst.length; i++) {
            byArm.put(variants.get(i), worst[i]);
        }
        return byArm;
    }

    private List<LinkLoss> links(int frontBits, Set<Integer> plain, Set<Integer> crossed) {
        Set<Integer> calibrated = calibrated();
        Map<String, List<LinkLoss.Point>> points = new LinkedHashMap<>();
        for (int split : crossed) {
            List<CodecLevel> qualities = new ArrayList<>();
            if (plain.contains(split)) {
                qualities.addAll(CodecLevel.all());
            }
            if (calibrated.contains(split)) {
                qualities.addAll(CodecLevel.tuned());
            }
            long tables = TunedLinks.calibration(bundle, split)
                    .map(Calibration::encoderBytes)
                    .orElse(0L);
            SplitConfig config = new SplitConfig(split, frontBits, widest, LOSSLESS, Mode.FAST);
            try (SplitModel model = new SplitModel(engine, bundle, config, qualities)) {
                link(split, new TextEvaluation(model), tables).forEach((name, point) -> {
                    // Of a split that was not asked for, the lossless link is there as the others' reference alone.
                    if (plain.contains(split) || !name.equals(LOSSLESS.name())) {
                        points.computeIfAbsent(name, any -> new ArrayList<>()).add(point);
                    }
                });
            }
        }
        List<LinkLoss> links = new ArrayList<>();
        points.forEach(
                (name, of) -> links.add(new LinkLoss(name, CodecLevel.of(name).needsCalibration(), of)));
        return links;
    }

    private Map<String, LinkLoss.Point> link(int split, TextEvaluation evaluation, long tables) {
        Map<String, Double> worst = new LinkedHashMap<>();
        Map<String, Double> bytes = new LinkedHashMap<>();
        for (int[] window : windows) {
            for (TextResult result : evaluation.run(List.of(window), Steps.PROMPT, all -> {})) {
                worst.merge(result.link(), Math.max(0, result.kl()), Math::max);
                bytes.merge(result.link(), result.frameBytes() / windows.size(), Double::sum);
            }
            advanced("links at split " + split);
        }
        List<int[]> few = windows.subList(0, Math.min(DECODE_WINDOWS, windows.size()));
        Map<String, LinkLoss.Point> points = new LinkedHashMap<>();
        for (TextResult decode : evaluation.run(few, Steps.DECODE, all -> {})) {
            String name = decode.link();
            boolean tuned = CodecLevel.of(name).needsCalibration();
            points.put(
                    name,
                    new LinkLoss.Point(
                            split, bytes.get(name), decode.frameBytes(), worst.get(name), tuned ? tables : 0));
        }
        return points;
    }

    private List<Joint> together(QualityProfile parts, int split, double mostSum) {
        List<LinkLoss> links = new ArrayList<>();
        JOINT_LINKS.forEach(name -> parts.link(name).ifPresent(links::add));
        parts.links().stream()
                .filter(link -> link.tuned() && link.at(split).isPresent())
                .reduce((first, second) -> second)
                .ifPresent(links::add);
        List<Joint> joint = new ArrayList<>();
        for (int here : bundle.widths()) {
            Map<Variant, Double> sums = new LinkedHashMap<>();
            for (int there : bundle.widths()) {
                double weights = parts.front().get(here).at(split)
                        + parts.back().get(there).at(split);
                for (LinkLoss link : links) {
                    // One side alone over a lossless link is what the sum was made of.
                    boolean part = link.link().equals(LOSSLESS.name()) && (here == widest || there == widest);
                    if (weights <= mostSum && !part) {
                        sums.put(
                                new Variant(here, there, CodecLevel.of(link.link())),
                                weights + link.at(split).orElseThrow().loss());
                    }
                }
            }
            if (sums.isEmpty()) {
                done += windows.size();
            } else {
                losses(split, new ArrayList<>(sums.keySet()))
                        .forEach((variant, loss) -> joint.add(new Joint(
                                split, here, variant.backBits(), variant.link().name(), sums.get(variant), loss)));
            }
        }
        return joint;
    }

    private void advanced(String what) {
        progress.advanced(++done, total, what);
    }
}
