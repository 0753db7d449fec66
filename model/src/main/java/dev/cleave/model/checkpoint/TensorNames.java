package dev.cleave.model.checkpoint;

import dev.cleave.model.Architecture;
import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import dev.cleave.model.json.JsonObject;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The names and shapes of a checkpoint's tensors, which are the same in all architectures that are read. */
public final class TensorNames {
    /** Token embedding, [vocabulary, d]. */
    public static final String EMBEDDING = "model.embed_tokens.weight";
    /** Head, [vocabulary, d]; absent where tied. */
    public static final String HEAD = "lm_head.weight";
    /** Final norm, [d]. */
    public static final String NORM = "model.norm.weight";

    private TensorNames() {}

    /**
     * Returns the name of a tensor within a layer.
     *
     * @param layer 0-based
     * @param part such as {@code self_attn.q_proj.weight}
     */
    public static String layer(int layer, String part) {
        return "model.layers." + layer + "." + part;
    }

    /** Returns the shape of every tensor that an architecture uses, sorted by name. */
    static Map<String, List<Long>> shapes(Architecture a) {
        Map<String, List<Long>> shapes = new TreeMap<>();
        put(shapes, EMBEDDING, a.vocabulary(), a.hidden());
        put(shapes, NORM, a.hidden());
        if (!a.tied()) {
            put(shapes, HEAD, a.vocabulary(), a.hidden());
        }
        int keyRows = a.kvHeads() * a.headSize();
        for (int i = 0; i < a.layers(); i++) {
            put(shapes, layer(i, "input_layernorm.weight"), a.hidden());
            put(shapes, layer(i, "self_attn.q_proj.weight"), a.attentionWidth(), a.hidden());
            put(shapes, layer(i, "self_attn.k_proj.weight"), keyRows, a.hidden());
            put(shapes, layer(i, "self_attn.v_proj.weight"), keyRows, a.hidden());
            if (a.qkvBias()) {
                put(shapes, layer(i, "self_attn.q_proj.bias"), a.attentionWidth());
                put(shapes, layer(i, "self_attn.k_proj.bias"), keyRows);
                put(shapes, layer(i, "self_attn.v_proj.bias"), keyRows);
            }
            put(shapes, layer(i, "self_attn.o_proj.weight"), a.hidden(), a.attentionWidth());
            put(shapes, layer(i, "post_attention_layernorm.weight"), a.hidden());
            put(shapes, layer(i, "mlp.gate_proj.weight"), a.feedForward(), a.hidden());
            put(shapes, layer(i, "mlp.up_proj.weight"), a.feedForward(), a.hidden());
            put(shapes, layer(i, "mlp.down_proj.weight"), a.hidden(), a.feedForward());
        }
        return shapes;
    }

    /**
     * Returns the tensors that the architecture uses, sorted by name, after checking that each is there with its shape, and
     * that no other would be ignored silently.
     */
    static Map<String, CheckpointTensor> select(
            JsonObject config, Architecture architecture, Map<String, CheckpointTensor> tensors) {
        Map<String, List<Long>> shapes = shapes(architecture);
        // Before what is missing: a tensor that is too much tells more of what the checkpoint is.
        tensors.forEach((name, tensor) -> {
            if (!shapes.containsKey(name) && !mayBeIgnored(name)) {
                throw new ModelException(
                        Reason.UNSUPPORTED,
                        tensor.file() + ": tensor " + tensor.info().name() + " at offset="
                                + tensor.info().offset()
                                + " has no place in the architecture that config.json states (" + architecture.family()
                                + ", " + architecture.layers() + " layers)" + Quantization.hint(name));
            }
        });
        Map<String, CheckpointTensor> selected = new TreeMap<>();
        shapes.forEach((name, shape) -> selected.put(name, checked(config, name, shape, tensors.get(name))));
        return Collections.unmodifiableMap(selected);
    }

    private static CheckpointTensor checked(JsonObject config, String name, List<Long> shape, CheckpointTensor tensor) {
        if (tensor == null && name.equals(HEAD)) {
            throw config.malformed(
                    "tie_word_embeddings",
                    "false, but the checkpoint has no " + HEAD + " " + shape
                            + ". If the model's head shares the embedding's weights, set tie_word_embeddings to true;"
                            + " otherwise the file lacks the head");
        }
        if (tensor == null) {
            throw new ModelException(
                    Reason.MALFORMED,
                    config.source() + ": calls for tensor " + name + " " + shape
                            + ", which is missing beside it. Is the download complete?");
        }
        TensorInfo info = tensor.info();
        if (info.type() == TensorType.U8) {
            throw new ModelException(
                    Reason.UNSUPPORTED,
                    tensor.file() + ": tensor " + info.name() + " at offset=" + info.offset()
                            + " has type U8; weights of type F32, F16 and BF16 are supported");
        }
        if (!info.shape().equals(shape)) {
            throw new ModelException(
                    Reason.MALFORMED,
                    tensor.file() + ": tensor " + info.name() + " at offset=" + info.offset() + " has shape "
                            + info.shape()
                            + ", but by config.json it is " + shape);
        }
        return tensor;
    }

    /** A tied checkpoint may repeat its head; old ones store the rotary frequencies, which follow from the configuration. */
    private static boolean mayBeIgnored(String name) {
        return name.equals(HEAD) || name.endsWith(".rotary_emb.inv_freq");
    }

    private static void put(Map<String, List<Long>> shapes, String name, long... shape) {
        shapes.put(
                name,
                Collections.unmodifiableList(
                        Arrays.asList(Arrays.stream(shape).boxed().toArray(Long[]::new))));
    }
}
