package dev.cleave.quality.calibration;

import dev.cleave.model.KvPrecision;
import dev.cleave.model.Mode;
import dev.cleave.model.Output;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.SegmentSpec;
import dev.cleave.model.Sequence;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.sampling.Sampler;
import dev.cleave.model.sampling.SamplingOptions;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Text that the model writes itself, at temperature 1 from fixed seeds: it needs no file, and has the distribution that the
 * model believes in.
 */
final class SelfText {
    private static final long SEED = 2511_04002;

    private SelfText() {}

    /**
     * Writes windows of {@code length} ids.
     *
     * @param bits weight width of the whole model
     * @param volume texts of another number are other texts
     * @param progress is told the tokens that are done
     */
    static List<int[]> write(
            SegmentEngine engine, Bundle bundle, int bits, int windows, int length, int volume, LongConsumer progress) {
        int vocabulary = bundle.architecture().vocabulary();
        SegmentSpec whole = new SegmentSpec(0, bundle.architecture().layers(), bits, Mode.FAST);
        List<int[]> written = new ArrayList<>();
        try (Sequence segment = engine.begin(bundle, whole, length, KvPrecision.FLOAT32)) {
            for (int window = 0; window < windows; window++) {
                Sampler sampler =
                        new Sampler(vocabulary, new SamplingOptions(1, 0, 1, SEED + window + ((long) volume << 32)));
                int[] ids = new int[length];
                // Without a token that begins texts, any may.
                ids[0] = bundle.bosId().orElse((int) ((SEED + (window + volume) * 7919L) % vocabulary));
                for (int at = 0; at + 1 < length; at++) {
                    FloatBuffer logits = segment.run(ids, at, 1, at, Output.LAST);
                    ids[at + 1] = sampler.sample(logits, 0, at + 1);
                }
                written.add(ids);
                progress.accept((window + 1L) * length);
            }
        }
        return written;
    }
}
