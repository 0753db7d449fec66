package dev.cleave.generation.link;

import dev.cleave.codec.CodecLevel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;

/** The codec levels that a generation may fall back to. */
public final class LinkLadder {
    private static final String STEPPED = "tabq-";

    private LinkLadder() {}

    /**
     * Returns the ladder below a quality: itself, then those of fewer bytes, finest first. They end with one family: the tuned
     * ones with a calibration, the {@code tabq} ones without.
     *
     * @param planned quality of generated tokens
     * @param calibrated whether the split has a calibration that may be used
     * @param allowed says which qualities may be used; the planned one always may
     * @return at least the planned one
     */
    public static List<CodecLevel> below(CodecLevel planned, boolean calibrated, Predicate<CodecLevel> allowed) {
        List<CodecLevel> ladder = new ArrayList<>();
        boolean below = false;
        for (CodecLevel quality : CodecLevel.named()) {
            boolean family = quality.needsCalibration() ? calibrated : !calibrated || !isStepped(quality);
            if (below && family && allowed.test(quality)) {
                ladder.add(quality);
            }
            if (quality.name().equals(planned.name())) {
                ladder.add(planned);
                below = true;
            }
        }
        return Collections.unmodifiableList(ladder);
    }

    private static boolean isStepped(CodecLevel quality) {
        return quality.name().startsWith(STEPPED);
    }
}
