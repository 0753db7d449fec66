package dev.cleave.optimizer.measure;

import dev.cleave.codec.CodecLevel;
import dev.cleave.codec.tuned.Calibration;
import dev.cleave.codec.tuned.CalibrationFile;
import dev.cleave.model.bundle.Bundle;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Which codec levels are measured, and on the activations of which split.
 *
 * @param split 1..L-1, or 0 where nothing is to be measured
 * @param qualities each ready to encode: tuned ones with the calibration of that split
 */
public record MeasuredLinks(int split, List<CodecLevel> qualities) {
    /** None at all. */
    public static final MeasuredLinks NONE = new MeasuredLinks(0, Collections.emptyList());

    /**
     * Returns every quality that the bundle has: the tuned ones where it is calibrated, at the calibrated split that is nearest to
     * the one that is preferred; a codec's time hardly depends on it.
     *
     * @param preferred 1..L-1
     */
    public static MeasuredLinks of(Bundle bundle, int preferred) {
        int layers = bundle.architecture().layers();
        if (layers < 2) {
            return NONE;
        }
        int split = -1;
        for (int each = 1; each < layers; each++) {
            boolean nearer = split < 0 || Math.abs(each - preferred) < Math.abs(split - preferred);
            if (nearer && bundle.calibrationFile(each).isPresent()) {
                split = each;
            }
        }
        List<CodecLevel> qualities = new ArrayList<>(CodecLevel.all());
        if (split > 0) {
            Calibration calibration =
                    CalibrationFile.read(bundle.calibration(split).get());
            CodecLevel.tuned().forEach(quality -> qualities.add(quality.calibrated(calibration)));
        }
        return new MeasuredLinks(
                split > 0 ? split : Math.max(1, Math.min(preferred, layers - 1)),
                Collections.unmodifiableList(qualities));
    }
}
