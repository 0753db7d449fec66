package dev.cleave.model.bundle;

import dev.cleave.model.Architecture;
import dev.cleave.model.checkpoint.TensorNames;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What one role's file holds, at whatever width: the layout in the Javadoc of {@link Bundle}, and where the weights come
 * from.
 *
 * @param role {@code embedding}, {@code layer}, {@code norm} or {@code head}
 * @param layer 0-based, -1 where the role has none
 * @param tensors in the order of the file
 */
record ModelPart(String role, int layer, List<PartTensor> tensors) {
    static final String EMBEDDING = "embedding";
    static final String LAYER = "layer";
    static final String NORM = "norm";
    static final String HEAD = "head";

    /** Returns the parts of a model, in the order of computation. */
    static List<ModelPart> of(Architecture a) {
        List<ModelPart> parts = new ArrayList<>();
        parts.add(of(a, EMBEDDING, -1));
        for (int i = 0; i < a.layers(); i++) {
            parts.add(of(a, LAYER, i));
        }
        parts.add(of(a, NORM, -1));
        if (!a.tied()) {
            parts.add(of(a, HEAD, -1));
        }
        return parts;
    }

    /** Returns one part; of a role that holds no weights, one without tensors. */
    static ModelPart of(Architecture a, String role, int layer) {
        switch (role) {
            case EMBEDDING:
                return single(role, PartTensor.matrix(role, a.vocabulary(), a.hidden(), TensorNames.EMBEDDING));
            case HEAD:
                return single(role, PartTensor.matrix(role, a.vocabulary(), a.hidden(), TensorNames.HEAD));
            case NORM:
                return single(role, PartTensor.vector(role, a.hidden(), TensorNames.NORM));
            case LAYER:
                return new ModelPart(role, layer, Collections.unmodifiableList(layerTensors(a, layer)));
            default:
                return new ModelPart(role, layer, Collections.emptyList());
        }
    }

    /** Returns whether the part has matrices, and so a file for each width. */
    boolean hasWidths() {
        return tensors.stream().anyMatch(PartTensor::isMatrix);
    }

    /** Returns the file's name: {@code layer-000.q4.safetensors}, {@code norm.safetensors}. */
    String fileName(int bits) {
        StringBuilder name = new StringBuilder(label());
        if (hasWidths()) {
            name.append(".q").append(bits);
        }
        return name.append(".safetensors").toString();
    }

    /** Returns what messages call the part: {@code layer-003}, {@code head}. */
    String label() {
        if (layer < 0) {
            return role;
        }
        String digits = Integer.toString(layer);
        return role + "-" + "000".substring(Math.min(3, digits.length())) + digits;
    }

    private static ModelPart single(String role, PartTensor tensor) {
        return new ModelPart(role, -1, Collections.singletonList(tensor));
    }

    private static List<PartTensor> layerTensors(Architecture a, int layer) {
        int d = a.hidden();
        List<PartTensor> tensors = new ArrayList<>();
        tensors.add(PartTensor.vector("input_norm", d, TensorNames.layer(layer, "input_layernorm.weight")));
        tensors.add(PartTensor.matrix("qkv", a.qkvRows(), d, projections(layer, "weight")));
        if (a.qkvBias()) {
            tensors.add(PartTensor.vector("qkv.bias", a.qkvRows(), projections(layer, "bias")));
        }
        tensors.add(PartTensor.matrix(
                "attention_out", d, a.attentionWidth(), TensorNames.layer(layer, "self_attn.o_proj.weight")));
        tensors.add(PartTensor.vector("post_norm", d, TensorNames.layer(layer, "post_attention_layernorm.weight")));
        tensors.add(PartTensor.matrix(
                "gate_up",
                2 * a.feedForward(),
                d,
                TensorNames.layer(layer, "mlp.gate_proj.weight"),
                TensorNames.layer(layer, "mlp.up_proj.weight")));
        tensors.add(PartTensor.matrix("down", d, a.feedForward(), TensorNames.layer(layer, "mlp.down_proj.weight")));
        return tensors;
    }

    private static String[] projections(int layer, String kind) {
        return new String[] {
            TensorNames.layer(layer, "self_attn.q_proj." + kind),
            TensorNames.layer(layer, "self_attn.k_proj." + kind),
            TensorNames.layer(layer, "self_attn.v_proj." + kind)
        };
    }
}
