package dev.cleave.generation;

import dev.cleave.codec.LinkQuality;
import dev.cleave.model.bundle.Bundle;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;

/** The link qualities that a generation may fall back to, each of fewer bytes than the one before it. */
public final class LinkLadder {
    private static final String STEPPED = "tabq-";

    private LinkLadder() {}

    /**
     * Returns the ladder of a cut: the quality that it plans for generated tokens, then those below it, of one family. With a
     * calibration of the split, or a planned quality that has one, these are the tuned ones, otherwise the {@code tabq} ones.
     *
     * @param allowed says which qualities may be used; the planned one always may
     * @return at least the planned one; nothing else where no activations cross
     */
    public static List<LinkQuality> below(Bundle bundle, Cut cut, Predicate<LinkQuality> allowed) {
        LinkQuality planned = cut.link().decode(0);
        List<LinkQuality> ladder = new ArrayList<>();
        ladder.add(planned);
        if (cut.split() > 0 && cut.needsCloud(bundle)) {
            boolean calibrated = planned.needsCalibration()
                    || bundle.calibrationFile(cut.split()).isPresent();
            below(planned, calibrated).stream().filter(allowed).forEach(ladder::add);
        }
        return Collections.unmodifiableList(ladder);
    }

    private static List<LinkQuality> below(LinkQuality planned, boolean calibrated) {
        List<LinkQuality> order = new ArrayList<>();
        boolean stepped = planned.name().startsWith(STEPPED);
        for (LinkQuality quality : LinkQuality.all()) {
            if (!quality.name().startsWith(STEPPED) || stepped || !calibrated) {
                order.add(quality);
            }
        }
        if (calibrated) {
            order.addAll(LinkQuality.tuned());
        }
        int from = 0;
        while (!order.get(from).name().equals(planned.name())) {
            from++;
        }
        return order.subList(from + 1, order.size());
    }
}
