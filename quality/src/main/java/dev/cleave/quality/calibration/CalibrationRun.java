package dev.cleave.quality.calibration;

import dev.cleave.codec.tuned.CalibrationFile;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.bundle.BundleAddition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/** Calibrates the splits of a bundle, and puts what it learnt into the bundle. */
public final class CalibrationRun {
    private static final long TABLE_BYTES = 4L << 20;
    private static final int WINDOW = 256;

    private final SegmentEngine engine;
    private final Bundle bundle;

    /** Is told how far it is. */
    public interface Progress {
        /** Tells so: {@code done} of {@code total}, at {@code what}. */
        void advanced(long done, long total, String what);
    }

    /** Makes a run. */
    public CalibrationRun(SegmentEngine engine, Bundle bundle) {
        this.engine = engine;
        this.bundle = bundle;
    }

    /** Returns the tokens that see each other in a calibration: the model's context, at most 256. */
    public static int window(Bundle bundle) {
        return Math.min(bundle.architecture().context(), WINDOW);
    }

    /** Has the model write about {@code tokens} tokens of text. */
    public List<int[]> selfText(int tokens, Progress progress) {
        int length = window(bundle);
        int windows = Math.max(1, tokens / length);
        return SelfText.write(
                engine,
                bundle,
                textBits(bundle),
                windows,
                length,
                0,
                done -> progress.advanced(done, (long) windows * length, "text"));
    }

    /** The text is to be as good as the model; more than 8 bits make it slower, and hardly better. */
    static int textBits(Bundle bundle) {
        return bundle.widths().stream()
                .filter(bits -> bits <= 8)
                .reduce((a, b) -> b)
                .orElse(bundle.widths().get(0));
    }

    /**
     * Calibrates.
     *
     * @param windows ids of a text
     * @param bits weight width of the layers, as the device will have them
     * @param splits of 1..L-1
     * @return the bundle with the calibrations, which take the place of all that it had
     */
    public Bundle run(List<int[]> windows, int bits, Set<Integer> splits, Progress progress) {
        int width = bundle.architecture().hidden();
        TokenClasses classes =
                TokenClasses.choose(windows, bundle.architecture().vocabulary(), width, TABLE_BYTES);
        SplitFit fit = new SplitFit(width, classes, windows);
        int last = Collections.max(splits);
        List<BundleAddition.Content> contents = new ArrayList<>();
        new LayerChain(engine, bundle, bits, windows, classes.ids()).run(last, (split, text, table) -> {
            if (splits.contains(split)) {
                contents.add(new BundleAddition.Content(split, CalibrationFile.write(fit.fit(text, table))));
            }
            progress.advanced(split, last, "split " + split);
        });
        return BundleAddition.replace(bundle, Bundle.CALIBRATION, "calibration", contents);
    }
}
