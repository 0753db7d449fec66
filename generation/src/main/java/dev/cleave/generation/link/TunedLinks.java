package dev.cleave.generation.link;

import dev.cleave.codec.CodecException;
import dev.cleave.codec.CodecLevel;
import dev.cleave.codec.tuned.Calibration;
import dev.cleave.codec.tuned.CalibrationFile;
import dev.cleave.model.ModelException;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.bundle.BundleFile;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Tunes codec levels to a split of a bundle, from the calibration that the bundle holds. */
public final class TunedLinks {
    private TunedLinks() {}

    /**
     * Returns the calibration of a split, where the bundle has one.
     *
     * @throws ModelException with {@code DAMAGED_BUNDLE} where its bytes are not what they were
     */
    public static Optional<Calibration> calibration(Bundle bundle, int split) {
        return bundle.calibration(split).map(bytes -> read(bundle, split, bytes));
    }

    /**
     * Returns what tunes qualities to a split: each that needs a calibration gets the split's, which is read when the first
     * one asks for it, and once. It throws a ModelException with {@code OUT_OF_RANGE} where the bundle has none.
     */
    public static UnaryOperator<CodecLevel> at(Bundle bundle, int split) {
        AtomicReference<Calibration> read = new AtomicReference<>();
        return quality -> {
            if (!quality.needsCalibration()) {
                return quality;
            }
            if (read.get() == null) {
                read.set(calibration(bundle, split).orElseThrow(() -> none(bundle, split, quality)));
            }
            return quality.calibrated(read.get());
        };
    }

    private static ModelException none(Bundle bundle, int split, CodecLevel quality) {
        List<Integer> splits = bundle.files().stream()
                .filter(file -> file.role().equals(Bundle.CALIBRATION))
                .map(BundleFile::layer)
                .sorted()
                .collect(Collectors.toList());
        return new ModelException(
                ModelException.Reason.OUT_OF_RANGE,
                "codec level " + quality.name() + " needs a calibration, and the bundle " + bundle.name() + " has "
                        + (splits.isEmpty() ? "none" : "those of splits " + splits + ", not of " + split)
                        + ": make one with cleave prepare --calibrate, or choose another quality");
    }

    private static Calibration read(Bundle bundle, int split, byte[] bytes) {
        try {
            Calibration calibration = CalibrationFile.read(bytes);
            if (calibration.width() == bundle.architecture().hidden()
                    && calibration.vocabulary() == bundle.architecture().vocabulary()) {
                return calibration;
            }
            throw damaged(
                    bundle, split, "is for width " + calibration.width() + " and " + calibration.vocabulary() + " ids");
        } catch (CodecException e) {
            throw damaged(bundle, split, e.getMessage());
        }
    }

    private static ModelException damaged(Bundle bundle, int split, String problem) {
        return new ModelException(
                ModelException.Reason.DAMAGED_BUNDLE,
                bundle.folder() + ": the calibration of split " + split + " " + problem
                        + ". Calibrate again with: cleave prepare --calibrate");
    }
}
