package dev.cleave.generation;

import dev.cleave.codec.CodecLevel;
import dev.cleave.generation.link.LinkPlan;
import dev.cleave.model.KvPrecision;
import dev.cleave.model.Mode;
import dev.cleave.model.ModelException;
import dev.cleave.model.bundle.Bundle;

/**
 * How a model is divided between device and cloud.
 *
 * @param split layers on the device, 0..L; 0 sends token ids, L needs no cloud
 * @param frontBits weight width on the device; at split L of the head as well; unused at split 0
 * @param backBits weight width in the cloud; unused at split L
 * @param link how activations are written
 * @param mode how both segments compute
 * @param kv how the device stores keys and values; the cloud keeps its own as it likes
 */
public record SplitConfig(int split, int frontBits, int backBits, LinkPlan link, Mode mode, KvPrecision kv) {
    /** As the other, with keys and values in float32. */
    public SplitConfig(int split, int frontBits, int backBits, LinkPlan link, Mode mode) {
        this(split, frontBits, backBits, link, mode, KvPrecision.FLOAT32);
    }

    /** As the other, with one quality for everything. */
    public SplitConfig(int split, int frontBits, int backBits, CodecLevel link, Mode mode) {
        this(split, frontBits, backBits, LinkPlan.of(link), mode);
    }

    /** Returns the same split with keys and values on the device in another precision. */
    public SplitConfig withKv(KvPrecision precision) {
        return new SplitConfig(split, frontBits, backBits, link, mode, precision);
    }

    /**
     * Checks the split against a model.
     *
     * @throws ModelException with {@code OUT_OF_RANGE} for a split that the model has not, or widths that the bundle has not
     */
    public void check(Bundle bundle) {
        int layers = bundle.architecture().layers();
        if (split < 0 || split > layers) {
            throw new ModelException(
                    ModelException.Reason.OUT_OF_RANGE,
                    "split " + split + " is outside 0.." + layers + ": " + bundle.name() + " has " + layers
                            + " layers; choose how many of them stay on the device");
        }
        if (split > 0) {
            checkWidth(bundle, "front", frontBits);
        }
        if (split < layers) {
            checkWidth(bundle, "back", backBits);
        }
    }

    /** Returns whether layers remain for the cloud. */
    public boolean needsCloud(Bundle bundle) {
        return split < bundle.architecture().layers();
    }

    /** Returns the same split with another plan for the link. */
    public SplitConfig with(LinkPlan other) {
        return new SplitConfig(split, frontBits, backBits, other, mode, kv);
    }

    /** Returns split L: the whole model on the device. */
    public SplitConfig alone(Bundle bundle, int bits) {
        return new SplitConfig(bundle.architecture().layers(), bits, backBits, LinkPlan.of(link.prompt()), mode, kv);
    }

    private static void checkWidth(Bundle bundle, String side, int bits) {
        if (!bundle.widths().contains(bits)) {
            throw new ModelException(
                    ModelException.Reason.OUT_OF_RANGE,
                    "the bundle " + bundle.name() + " does not hold the " + side + " segment at " + bits
                            + " bits; it has " + bundle.widths()
                            + ": choose one of them or prepare it again with --bits");
        }
    }
}
