package dev.cleave.codec;

import dev.cleave.codec.tuned.Calibration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/** A named setting of the codec. Both ends of a session use the same one. */
public sealed interface CodecLevel permits FixedLevel, TabqLevel, TunedLevel {
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

    /** Returns the same level, tuned to a model at a split; itself where it needs no calibration. */
    default CodecLevel calibrated(Calibration with) {
        return this;
    }

    /**
     * Returns the level of that name.
     *
     * @throws CodecException with {@code LEVEL}, naming those that exist
     */
    static CodecLevel of(String name) {
        for (CodecLevel level : named()) {
            if (level.name().equals(name)) {
                return level;
            }
        }
        throw new CodecException(
                CodecException.Reason.LEVEL,
                "codec level '" + name + "' does not exist; there are "
                        + named().stream().map(CodecLevel::name).collect(Collectors.joining(", ")),
                0);
    }

    /** Returns every level that has a name: {@link #all()}, then {@link #tuned()}. */
    static List<CodecLevel> named() {
        List<CodecLevel> named = new ArrayList<>(all());
        named.addAll(tuned());
        return Collections.unmodifiableList(named);
    }

    /** Returns the tuned levels, finest first, each still without a calibration. */
    static List<CodecLevel> tuned() {
        return Collections.unmodifiableList(TunedLevel.all());
    }

    /** Returns every level that needs no calibration, finest first. */
    static List<CodecLevel> all() {
        return Collections.unmodifiableList(Arrays.asList(
                FixedLevel.LOSSLESS,
                FixedLevel.BF16,
                FixedLevel.INT8,
                TabqLevel.TABQ_02,
                TabqLevel.TABQ_04,
                TabqLevel.TABQ_06,
                TabqLevel.TABQ_08,
                TabqLevel.TABQ_10,
                TabqLevel.TABQ_12,
                TabqLevel.TABQ_16,
                TabqLevel.TABQ_24));
    }
}
