package dev.cleave.model.checkpoint;

import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import dev.cleave.model.Rope;
import dev.cleave.model.json.JsonObject;
import java.util.Map;

/**
 * Reads the rotary embedding out of {@code config.json}, by the rules of Transformers 5: {@code rope_scaling} goes before
 * {@code rope_parameters}, of which nothing counts then; {@code rope_type} before {@code type}; {@code rope_theta} within
 * before the one beside; {@code original_max_position_embeddings} beside before the one within.
 */
final class RopeConfig {
    private static final int MAX_CONTEXT = 1 << 26;

    private final JsonObject config;

    RopeConfig(JsonObject config) {
        this.config = config;
    }

    Rope read() {
        refusePartial(config, "partial_rotary_factor");
        String name = filled("rope_scaling") ? "rope_scaling" : "rope_parameters";
        if (!filled(name)) {
            return new Rope.Plain(theta(config));
        }
        JsonObject scaling = config.object(name);
        refuseLayerTypes(name, scaling);
        refusePartial(scaling, name + ".partial_rotary_factor");
        double theta = theta(scaling.has("rope_theta") ? scaling : config);
        String type = scaling.string("rope_type", scaling.string("type", null));
        if (type == null && scaling.has("factor")) {
            throw unsupported(name, "a factor of rope scaling without rope_type; supported are none and llama3");
        }
        if (type == null || type.equals("default")) {
            return new Rope.Plain(theta);
        }
        if (type.equals("llama3")) {
            return llama3(scaling, theta);
        }
        throw unsupported(name, "rope scaling " + type + " is not supported; supported are none (default) and llama3");
    }

    private Rope llama3(JsonObject scaling, double theta) {
        double low = scaling.number("low_freq_factor", 1e-3, 1e6);
        double high = scaling.number("high_freq_factor", 1e-3, 1e6);
        if (high <= low) {
            throw scaling.malformed("high_freq_factor", high + " is not above low_freq_factor " + low);
        }
        String original = "original_max_position_embeddings";
        int context =
                config.has(original) ? config.int32(original, 1, MAX_CONTEXT) : scaling.int32(original, 1, MAX_CONTEXT);
        return new Rope.Llama3(theta, scaling.number("factor", 1, 1e6), low, high, context);
    }

    /** An empty object counts as none, as in Python. */
    private boolean filled(String name) {
        return config.has(name) && !config.object(name).fields().isEmpty();
    }

    private void refuseLayerTypes(String name, JsonObject scaling) {
        scaling.fields().forEach((field, value) -> {
            if (value instanceof Map) {
                throw unsupported(name + "." + field, "rotary embeddings that differ between layers are not supported");
            }
        });
    }

    private void refusePartial(JsonObject object, String path) {
        if (object.number("partial_rotary_factor", 0, 1, 1) != 1) {
            throw unsupported(path, "a rotary embedding on a part of the head is not supported");
        }
    }

    private static double theta(JsonObject object) {
        return object.number("rope_theta", 1, 1e12, 10_000);
    }

    private ModelException unsupported(String field, String problem) {
        return new ModelException(Reason.UNSUPPORTED, config.source() + ": field " + field + ": " + problem);
    }
}
