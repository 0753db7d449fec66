package dev.cleave.model.checkpoint;

import dev.cleave.model.Architecture;
import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import dev.cleave.model.Rope;
import dev.cleave.model.json.JsonObject;
import java.util.List;

/**
 * Reads the shape of a model out of its {@code config.json}. Absent fields mean what they mean to the architecture's
 * published reference. What would compute something else than Cleave does is refused by name.
 */
final class CheckpointConfig {
    private static final String SUPPORTED =
            "supported are LlamaForCausalLM (Llama 2, Llama 3, SmolLM), MistralForCausalLM without sliding window and"
                    + " Qwen2ForCausalLM";
    private static final int MAX_WIDTH = 1 << 20;

    private final JsonObject config;

    CheckpointConfig(JsonObject config) {
        this.config = config;
    }

    /**
     * Returns the architecture.
     *
     * @param hasHead whether the checkpoint has weights for the head; decides where the field is absent
     */
    Architecture read(boolean hasHead) {
        String family = family();
        refuseWhatDiffers(family);
        int hidden = config.int32("hidden_size", 1, MAX_WIDTH);
        int heads = config.int32("num_attention_heads", 1, 4096);
        int kvHeads = config.int32("num_key_value_heads", 1, 4096, heads);
        if (heads % kvHeads != 0) {
            throw config.malformed(
                    "num_key_value_heads", kvHeads + " does not divide the " + heads + " of num_attention_heads");
        }
        if (!config.has("head_dim") && hidden % heads != 0) {
            throw config.malformed(
                    "num_attention_heads",
                    heads + " does not divide hidden_size " + hidden + ", and head_dim is absent");
        }
        int headSize = config.int32("head_dim", 2, 4096, hidden / heads);
        if (headSize % 2 != 0) {
            throw config.malformed("head_dim", headSize + " is odd; the rotary embedding needs pairs");
        }
        return new Architecture(
                family,
                config.int32("num_hidden_layers", 1, 1000),
                hidden,
                heads,
                kvHeads,
                headSize,
                config.int32("intermediate_size", 1, MAX_WIDTH),
                config.int32("vocab_size", 1, 1 << 22),
                config.int32("max_position_embeddings", 1, 1 << 26),
                (float) config.number("rms_norm_eps", 0, 1, 1e-6),
                rope(),
                family.equals("qwen2"),
                config.bool("tie_word_embeddings", !hasHead));
    }

    private String family() {
        Object name = null;
        if (config.has("architectures")) {
            List<Object> names = config.list("architectures");
            name = names.isEmpty() ? null : names.get(0);
        }
        if ("LlamaForCausalLM".equals(name)) {
            return "llama";
        }
        if ("MistralForCausalLM".equals(name)) {
            return "mistral";
        }
        if ("Qwen2ForCausalLM".equals(name)) {
            return "qwen2";
        }
        throw unsupported("architectures", "architecture " + name + " is not supported; " + SUPPORTED);
    }

    private void refuseWhatDiffers(String family) {
        if (config.has("quantization_config")) {
            throw unsupported(
                    "quantization_config",
                    "the checkpoint is already quantized; take the original one in F32, F16 or BF16");
        }
        String activation = config.string("hidden_act", "silu");
        if (!activation.equals("silu")) {
            throw unsupported("hidden_act", "activation " + activation + " is not supported; supported is silu");
        }
        // Qwen2's biases belong to the architecture; in the others this field also gives the output projection one.
        if (!family.equals("qwen2") && config.bool("attention_bias", false)) {
            throw unsupported(
                    "attention_bias", "biases in attention are supported for Qwen2 only, which has none on o_proj");
        }
        if (config.bool("mlp_bias", false)) {
            throw unsupported("mlp_bias", "biases in the feed-forward block are not supported");
        }
        if (config.number("partial_rotary_factor", 0, 1, 1) != 1) {
            throw unsupported("partial_rotary_factor", "a rotary embedding on a part of the head is not supported");
        }
        refuseSlidingWindow(family);
    }

    private void refuseSlidingWindow(String family) {
        // A window as long as the context masks nothing. Absent, Mistral's reference takes 4096; an explicit null is
        // none.
        long context = config.integer("max_position_embeddings", 1, 1 << 26);
        long window = Long.MAX_VALUE;
        if (config.has("sliding_window")) {
            window = config.integer("sliding_window", 1, Long.MAX_VALUE);
        } else if (family.equals("mistral") && !config.fields().containsKey("sliding_window")) {
            window = 4096;
        }
        boolean used = family.equals("mistral") || config.bool("use_sliding_window", false);
        if (used && window < context) {
            throw unsupported(
                    "sliding_window",
                    "a sliding window of " + window + " tokens, below the context of " + context
                            + ", is not supported; take a checkpoint whose sliding_window is null");
        }
    }

    private Rope rope() {
        String name = config.has("rope_parameters") ? "rope_parameters" : "rope_scaling";
        if (!config.has(name)) {
            return new Rope.Plain(theta(config));
        }
        JsonObject scaling = config.object(name);
        double theta = theta(scaling.has("rope_theta") ? scaling : config);
        String type = scaling.string("rope_type", scaling.string("type", "default"));
        switch (type) {
            case "default":
                return new Rope.Plain(theta);
            case "llama3":
                double low = scaling.number("low_freq_factor", 1e-3, 1e6);
                double high = scaling.number("high_freq_factor", 1e-3, 1e6);
                if (high <= low) {
                    throw scaling.malformed("high_freq_factor", high + " is not above low_freq_factor " + low);
                }
                return new Rope.Llama3(
                        theta,
                        scaling.number("factor", 1, 1e6),
                        low,
                        high,
                        scaling.int32("original_max_position_embeddings", 1, 1 << 26));
            default:
                throw unsupported(
                        name, "rope scaling " + type + " is not supported; supported are none (default) and llama3");
        }
    }

    private static double theta(JsonObject object) {
        return object.number("rope_theta", 1, 1e12, 10_000);
    }

    private ModelException unsupported(String field, String problem) {
        return new ModelException(Reason.UNSUPPORTED, config.source() + ": field " + field + ": " + problem);
    }
}
