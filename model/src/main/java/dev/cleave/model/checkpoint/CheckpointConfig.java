package dev.cleave.model.checkpoint;

import dev.cleave.model.Architecture;
import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import dev.cleave.model.json.JsonObject;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Reads the shape of a model out of its {@code config.json}. Absent fields mean what they mean to the architecture's
 * published reference, Transformers. What would compute something else than Cleave does is refused by name.
 *
 * <p>The architecture is the first that {@code architectures} names; where that field is absent, null or empty, {@code
 * model_type} decides.
 */
final class CheckpointConfig {
    private static final String SUPPORTED =
            "supported are LlamaForCausalLM (Llama 2, Llama 3, SmolLM), MistralForCausalLM without sliding window and"
                    + " Qwen2ForCausalLM";
    private static final int MAX_WIDTH = 1 << 20;
    private static final int MAX_LAYERS = 1000;

    /** The architectures that are read. */
    private enum Family {
        LLAMA("llama", "LlamaForCausalLM"),
        MISTRAL("mistral", "MistralForCausalLM"),
        QWEN2("qwen2", "Qwen2ForCausalLM");

        private final String type;
        private final String architecture;

        Family(String type, String architecture) {
            this.type = type;
            this.architecture = architecture;
        }

        int kvHeads(int heads) {
            return this == LLAMA ? heads : this == MISTRAL ? 8 : 32;
        }
    }

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
        Family family = family();
        refuseWhatDiffers(family);
        int hidden = config.int32("hidden_size", 1, MAX_WIDTH);
        int heads = config.int32("num_attention_heads", 1, 4096);
        int kvHeads = kvHeads(family, heads);
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
                family.type,
                config.int32("num_hidden_layers", 1, MAX_LAYERS),
                hidden,
                heads,
                kvHeads,
                headSize,
                config.int32("intermediate_size", 1, MAX_WIDTH),
                config.int32("vocab_size", 1, 1 << 22),
                config.int32("max_position_embeddings", 1, 1 << 26),
                (float) config.number("rms_norm_eps", 0, 1, 1e-6),
                new RopeConfig(config).read(),
                family == Family.QWEN2,
                config.bool("tie_word_embeddings", !hasHead));
    }

    private Family family() {
        String type = config.string("model_type", null);
        List<Object> names = config.has("architectures") ? config.list("architectures") : Collections.emptyList();
        if (names.isEmpty()) {
            return Arrays.stream(Family.values())
                    .filter(family -> family.type.equals(type))
                    .findAny()
                    .orElseThrow(() -> unsupported(
                            "model_type",
                            "model " + type + " is not supported (architectures is absent); " + SUPPORTED));
        }
        Family named = Arrays.stream(Family.values())
                .filter(family -> family.architecture.equals(names.get(0)))
                .findAny()
                .orElseThrow(() -> unsupported(
                        "architectures", "architecture " + names.get(0) + " is not supported; " + SUPPORTED));
        for (Family other : Family.values()) {
            if (other != named && other.type.equals(type)) {
                throw unsupported(
                        "model_type",
                        type + ", but architectures names " + named.architecture
                                + "; programs go by one or the other. Set both to what the model is");
            }
        }
        return named;
    }

    private void refuseWhatDiffers(Family family) {
        Quantization.refuse(config);
        String activation = config.string("hidden_act", "silu");
        // Two names of one function.
        if (!activation.equals("silu") && !activation.equals("swish")) {
            throw unsupported(
                    "hidden_act",
                    "activation " + activation + " is not supported; supported is silu, also named swish");
        }
        // Qwen2's biases belong to the architecture; in the others this field also gives the output projection one.
        if (family != Family.QWEN2 && config.bool("attention_bias", false)) {
            throw unsupported(
                    "attention_bias", "biases in attention are supported for Qwen2 only, which has none on o_proj");
        }
        if (config.bool("mlp_bias", false)) {
            throw unsupported("mlp_bias", "biases in the feed-forward block are not supported");
        }
        refuseSlidingWindow(family);
    }

    private void refuseSlidingWindow(Family family) {
        boolean used = family == Family.MISTRAL || config.bool("use_sliding_window", false);
        if (!used || family == Family.QWEN2 && !hasWindowLayer()) {
            return;
        }
        // A window as long as the context masks nothing. Absent, the references take 4096; an explicit null is none.
        long context = config.integer("max_position_embeddings", 1, 1 << 26);
        boolean none = config.fields().containsKey("sliding_window") && !config.has("sliding_window");
        long window = none ? Long.MAX_VALUE : config.integer("sliding_window", 1, Long.MAX_VALUE, 4096);
        if (window < context) {
            throw unsupported(
                    "sliding_window",
                    "a sliding window of " + window + " tokens, below the context of " + context
                            + ", is not supported; take a checkpoint whose sliding_window is null");
        }
    }

    /** Qwen2 states the layers by their types, or has the window from a layer on. */
    private boolean hasWindowLayer() {
        if (config.has("layer_types")) {
            return config.list("layer_types").stream().anyMatch(type -> !"full_attention".equals(type));
        }
        int layers = config.int32("num_hidden_layers", 1, MAX_LAYERS);
        return config.int32("max_window_layers", 0, Integer.MAX_VALUE, 28) < layers;
    }

    /** Absent, it is what the family's reference takes; an explicit null means one for each query head. */
    private int kvHeads(Family family, int heads) {
        boolean absent = !config.fields().containsKey("num_key_value_heads");
        int kvHeads = config.int32("num_key_value_heads", 1, 4096, absent ? family.kvHeads(heads) : heads);
        if (heads % kvHeads != 0) {
            throw config.malformed(
                    "num_key_value_heads",
                    kvHeads + (absent ? ", which " + family.architecture + " takes where the field is absent," : "")
                            + " does not divide the " + heads + " of num_attention_heads");
        }
        return kvHeads;
    }

    private ModelException unsupported(String field, String problem) {
        return new ModelException(Reason.UNSUPPORTED, config.source() + ": field " + field + ": " + problem);
    }
}
