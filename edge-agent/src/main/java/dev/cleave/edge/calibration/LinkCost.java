package dev.cleave.edge.calibration;

import dev.cleave.codec.LinkQuality;
import dev.cleave.edge.CliException;
import dev.cleave.edge.ExitCode;
import dev.cleave.edge.evaluation.TextResult;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.json.Json;
import dev.cleave.model.json.JsonObject;
import dev.cleave.model.json.JsonWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What link qualities cost at a split: measured with the calibration, kept in the bundle. The cost is the mean divergence KL
 * of the predictions from those over the lossless link, on that one of a dozen texts of the model's own where it is greatest:
 * a model that mostly writes what is easy to foretell is to keep its quality where it does not. On a text of its own a
 * model's perplexity rises by e^KL − 1 in expectation.
 */
public final class LinkCost {
    private LinkCost() {}

    /** Returns measured results, for each text those of all qualities, as a file's bytes. */
    static byte[] write(List<List<TextResult>> texts) {
        List<Object> rows = new ArrayList<>();
        for (int i = 0; i < texts.get(0).size(); i++) {
            int quality = i;
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("link", texts.get(0).get(i).link());
            row.put(
                    "kl",
                    texts.stream()
                            .mapToDouble(text -> text.get(quality).kl())
                            .max()
                            .orElseThrow());
            row.put(
                    "bitsPerValue",
                    texts.stream()
                            .mapToDouble(text -> text.get(quality).bitsPerValue())
                            .average()
                            .orElseThrow());
            rows.add(row);
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("qualities", rows);
        return JsonWriter.pretty(fields);
    }

    /**
     * Returns the cheapest quality that keeps a bound.
     *
     * @param rise greatest rise of the perplexity: 0.01 for one per cent
     */
    public static LinkQuality cheapest(Bundle bundle, int split, double rise) {
        byte[] bytes = bundle.linkCost(split)
                .orElseThrow(() -> new CliException(
                        ExitCode.OUT_OF_RANGE,
                        "--link auto: the bundle " + bundle.name() + " does not know what link qualities cost at split "
                                + split + "; measure it with cleave prepare --calibrate, or name a quality"));
        JsonObject json = Json.parseObject(bytes, "the link costs of " + bundle.name());
        LinkQuality cheapest = LinkQuality.of("lossless");
        double fewest = Double.MAX_VALUE;
        for (int i = 0; i < json.list("qualities").size(); i++) {
            JsonObject row = json.element("qualities", i);
            double bits = number(row, "bitsPerValue");
            if (Math.expm1(number(row, "kl")) <= rise && bits < fewest) {
                fewest = bits;
                cheapest = LinkQuality.of(row.string("link"));
            }
        }
        return cheapest;
    }

    private static double number(JsonObject row, String name) {
        return ((Number) row.fields().get(name)).doubleValue();
    }
}
