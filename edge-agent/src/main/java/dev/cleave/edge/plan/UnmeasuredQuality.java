package dev.cleave.edge.plan;

import dev.cleave.codec.CodecLevel;
import dev.cleave.codec.Encoder;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.optimizer.profile.Curve;
import dev.cleave.optimizer.profile.LinkLoss;
import dev.cleave.optimizer.profile.QualityProfile;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Stands in where a bundle's losses were not measured: no setting is said to lose anything, and a link takes as many bytes as on
 * normally distributed values, which real activations seldom exceed. Whoever plans by it must not let it choose widths or
 * qualities.
 */
public final class UnmeasuredQuality {
    private static final int CHUNK = 32;

    private UnmeasuredQuality() {}

    /** Returns the profile of a bundle, with the qualities that need no calibration. */
    public static QualityProfile of(Bundle bundle) {
        Map<Integer, Curve> nothing = new TreeMap<>();
        for (int bits : bundle.widths()) {
            nothing.put(bits, new Curve(List.of(new Curve.Point(0, 0))));
        }
        int width = bundle.architecture().hidden();
        Random random = new Random(1);
        float[] rows = new float[CHUNK * width];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (float) random.nextGaussian();
        }
        List<LinkLoss> links = new ArrayList<>();
        for (CodecLevel quality : CodecLevel.all()) {
            Encoder encoder = quality.encoder(width);
            byte[] frame = new byte[encoder.maxEncodedSize(CHUNK)];
            double prompt = (double) encoder.encode(FloatBuffer.wrap(rows), CHUNK, frame, 0) / CHUNK;
            double decode = encoder.encode(FloatBuffer.wrap(rows, 0, width).slice(), 1, frame, 0);
            links.add(new LinkLoss(quality.name(), false, List.of(new LinkLoss.Point(1, prompt, decode, 0, 0))));
        }
        return new QualityProfile(
                bundle.modelHash(), nothing, nothing, links, Map.of("float32", 0.0, "float16", 0.0), 0);
    }
}
