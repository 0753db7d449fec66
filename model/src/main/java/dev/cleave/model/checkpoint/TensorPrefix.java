package dev.cleave.model.checkpoint;

import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What stands before the names of a checkpoint's tensors. Usually {@code model.}, and nothing before {@code lm_head}; bare
 * models are saved without ({@code embed_tokens.weight}), wrapped ones with more ({@code _orig_mod.model.}, {@code
 * language_model.model.}). The name of the embedding, of which there is one, tells.
 */
final class TensorPrefix {
    private static final String USUAL = "model.";
    private static final String EMBEDDING = "embed_tokens.weight";

    private TensorPrefix() {}

    /**
     * Returns the tensors under the usual names; what has none keeps its own.
     *
     * @throws ModelException with {@code UNSUPPORTED} where there are several embeddings, so that it is not known which
     *     tensors are the language model's
     */
    static Map<String, CheckpointTensor> strip(Path folder, Map<String, CheckpointTensor> tensors) {
        String embedding = null;
        for (String name : tensors.keySet()) {
            if (!name.equals(EMBEDDING) && !name.endsWith("." + EMBEDDING)) {
                continue;
            }
            if (embedding != null) {
                throw new ModelException(
                        Reason.UNSUPPORTED,
                        folder + ": both " + embedding + " and " + name
                                + " are embeddings; a checkpoint of one language model is needed");
            }
            embedding = name;
        }
        if (embedding == null || embedding.equals(USUAL + EMBEDDING)) {
            return tensors;
        }
        String inner = embedding.substring(0, embedding.length() - EMBEDDING.length());
        String outer = inner.endsWith(USUAL) ? inner.substring(0, inner.length() - USUAL.length()) : inner;
        Map<String, CheckpointTensor> renamed = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> {
            String usual = usual(name, inner, outer);
            if (renamed.put(usual, tensor) != null) {
                throw new ModelException(
                        Reason.UNSUPPORTED,
                        folder + ": tensor " + usual + " is there twice, the second time as " + name);
            }
        });
        return renamed;
    }

    private static String usual(String name, String inner, String outer) {
        if (name.startsWith(outer) && name.substring(outer.length()).startsWith("lm_head.")) {
            return name.substring(outer.length());
        }
        if (name.startsWith("lm_head.")) {
            return name;
        }
        return name.startsWith(inner) ? USUAL + name.substring(inner.length()) : name;
    }
}
