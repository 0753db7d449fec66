package dev.cleave.codec;

import dev.cleave.codec.tuned.Calibration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/** A named setting of the codec. Both ends of a session use the same one. */
public sealed interface LinkQuality permits FixedQuality, TabQuality, TunedQuality {
    /** Returns the name: lower case letters, digits and dashes. */
    String name();

    /** Returns the number that stands for it in a frame, 1..255. It never changes its meaning. */
    int id();

    /**
     * Creates the encoder of one session.
     *
     * @param width d, 1..65536
     */
    Encoder encoder(int width);

    /**
     * Creates the decoder of one session.
     *
     * @param width d, 1..65536
     */
    Decoder decoder(int width);

    /** Returns whether it is tuned to a model, and works only once {@link #calibrated}. */
    default boolean needsCalibration() {
        return false;
    }

    /** Returns the same quality, tuned to a model at a split; itself where it needs no calibration. */
    default LinkQuality calibrated(Calibration with) {
        return this;
    }

    /**
     * Returns the quality of that name.
     *
     * @throws CodecException with {@code QUALITY}, naming those that exist
     */
    static LinkQuality of(String name) {
        for (LinkQuality quality : named()) {
            if (quality.name().equals(name)) {
                return quality;
            }
        }
        throw new CodecException(
                CodecException.Reason.QUALITY,
                "link quality '" + name + "' does not exist; there are "
                        + named().stream().map(LinkQuality::name).collect(Collectors.joining(", ")),
                0);
    }

    /** Returns every quality that has a name: {@link #all()}, then {@link #tuned()}. */
    static List<LinkQuality> named() {
        List<LinkQuality> named = new ArrayList<>(all());
        named.addAll(tuned());
        return Collections.unmodifiableList(named);
    }

    /** Returns the tuned qualities, finest first, each still without a calibration. */
    static List<LinkQuality> tuned() {
        return Collections.unmodifiableList(TunedQuality.all());
    }

    /** Returns every quality that needs no calibration, finest first. */
    static List<LinkQuality> all() {
        return Collections.unmodifiableList(Arrays.asList(
                FixedQuality.LOSSLESS,
                FixedQuality.BF16,
                FixedQuality.INT8,
                TabQuality.TABQ_02,
                TabQuality.TABQ_04,
                TabQuality.TABQ_06,
                TabQuality.TABQ_08,
                TabQuality.TABQ_10,
                TabQuality.TABQ_12,
                TabQuality.TABQ_16,
                TabQuality.TABQ_24));
    }
}
