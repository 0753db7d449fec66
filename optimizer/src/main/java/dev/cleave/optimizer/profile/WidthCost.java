package dev.cleave.optimizer.profile;

import dev.cleave.optimizer.ProfileException;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What a model costs at one width.
 *
 * @param bits weight width
 * @param layers one entry for each of the L layers
 * @param headBytes of the final norm and head in memory, with the buffer of one row of logits
 * @param headMillis of the head for one token, with sampling
 * @param embeddingBytes that a segment which begins at layer 0 holds of the embedding
 */
public record WidthCost(int bits, List<LayerCost> layers, long headBytes, double headMillis, long embeddingBytes) {
    /** Layers of one model are alike: what differs more than so many times from their median is no measurement. */
    private static final double ALIKE = 20;

    /** Weights pass through memory once a token: no machine of today reads faster than that, bytes a ms. */
    private static final double FASTEST_READ = 4e9;

    /** And none that anybody would plan with reads slower, bytes a ms: of small layers other work takes most of the time. */
    private static final double SLOWEST_READ = 1e4;

    private static final double SLOWEST_READ_OF_MUCH = 1e5;
    private static final double MUCH = 1 << 20;

    private static final long MOST_BYTES = 1L << 40;
    private static final double MOST_MILLIS = 1e6;
    private static final int MOST_BITS = 32;

    /** Checks the ranges, and that the figures can be those of one model on one machine. */
    public WidthCost {
        Checks.within("bits", bits, 1, MOST_BITS);
        Checks.within("headBytes", headBytes, 0, MOST_BYTES);
        Checks.within("headMillis", headMillis, 0, MOST_MILLIS);
        Checks.within("embeddingBytes", embeddingBytes, 0, MOST_BYTES);
        if (layers.isEmpty()) {
            throw new ProfileException("layers", "empty", "one entry for each layer");
        }
        layers = Checks.copy(layers);
        alike(layers, "packedBytes", LayerCost::packedBytes);
        alike(layers, "decode.base", layer -> layer.decode().base());
        alike(layers, "prefill.base", layer -> layer.prefill().base());
        for (int i = 0; i < layers.size(); i++) {
            double millis = layers.get(i).decode().base();
            double bytes = layers.get(i).packedBytes();
            double slowest = bytes > MUCH ? SLOWEST_READ_OF_MUCH : SLOWEST_READ;
            if (millis < bytes / FASTEST_READ || millis > bytes / slowest) {
                throw new ProfileException(
                        "layers[" + i + "].decode.base",
                        millis + " ms for " + (long) bytes + " bytes",
                        "a time in ms that reads them at " + (bytes > MUCH ? "100" : "10") + " MB/s to 4 TB/s");
            }
        }
    }

    private static void alike(List<LayerCost> layers, String field, ToDoubleFunction<LayerCost> figure) {
        double[] sorted = layers.stream().mapToDouble(figure).sorted().toArray();
        double median = sorted[sorted.length / 2];
        for (int i = 0; i < layers.size(); i++) {
            double value = figure.applyAsDouble(layers.get(i));
            if (value > ALIKE * median || value * ALIKE < median) {
                throw new ProfileException(
                        "layers[" + i + "]." + field,
                        value,
                        "at most " + (int) ALIKE + " times more or less than the median of the layers, " + median
                                + " of " + Arrays.toString(new double[] {sorted[0], sorted[sorted.length - 1]}));
            }
        }
    }
}
