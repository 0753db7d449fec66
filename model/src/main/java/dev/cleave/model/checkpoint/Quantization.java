package dev.cleave.model.checkpoint;

import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import dev.cleave.model.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Recognizes checkpoints whose weights are quantized already, and refuses them by the method's name. */
final class Quantization {
    private static final String INSTEAD = "; take the original checkpoint, with weights of type F32, F16 or BF16";

    /** Files by which older tools say how they quantized. */
    private static final String[][] FILES = {
        {"quantize_config.json", "gptq"}, {"quant_config.json", "awq"}, {"hf_quant_config.json", "modelopt"}
    };

    /** What names of tensors tell, the surest first. */
    private static final String[][] TENSORS = {
        {".lora_A.", "a LoRA adapter that is not merged; merge it (merge_and_unload) and save the model again"},
        {".lora_B.", "a LoRA adapter that is not merged; merge it (merge_and_unload) and save the model again"},
        {".g_idx", "quantization by gptq" + INSTEAD},
        {".qweight", "quantization by gptq or awq" + INSTEAD},
        {".qzeros", "quantization by gptq or awq" + INSTEAD},
        {".absmax", "quantization by bitsandbytes" + INSTEAD},
        {".quant_state", "quantization by bitsandbytes" + INSTEAD},
        {".SCB", "quantization by bitsandbytes" + INSTEAD},
        {".weight_packed", "quantization by compressed-tensors" + INSTEAD},
        {".weight_shape", "quantization by compressed-tensors" + INSTEAD},
        {".weight_scale", "quantization to fp8 or by compressed-tensors" + INSTEAD},
        {".input_scale", "quantization to fp8 or by compressed-tensors" + INSTEAD},
        {".scales", "quantization by MLX, gptq or awq" + INSTEAD},
        {".biases", "quantization by MLX" + INSTEAD}
    };

    private Quantization() {}

    /** Refuses what config.json states. */
    static void refuse(JsonObject config) {
        for (String field : new String[] {"quantization_config", "compression_config", "quantization"}) {
            if (config.has(field)) {
                throw new ModelException(
                        Reason.UNSUPPORTED,
                        config.source() + ": field " + field + ": the checkpoint is already quantized"
                                + method(config, field) + INSTEAD);
            }
        }
    }

    private static String method(JsonObject config, String field) {
        if (!(config.fields().get(field) instanceof Map)) {
            return "";
        }
        JsonObject how = config.object(field);
        Object named = how.has("quant_method")
                ? how.fields().get("quant_method")
                : how.fields().get("quant_algo");
        String method;
        if (named instanceof String) {
            method = (String) named;
        } else if (how.has("load_in_4bit") || how.has("load_in_8bit")) {
            method = "bitsandbytes";
        } else if (field.equals("compression_config") || how.has("config_groups")) {
            method = "compressed-tensors";
        } else if (field.equals("quantization") || how.has("group_size") && how.has("bits")) {
            method = "MLX or a method that it does not name";
        } else {
            method = "a method that it does not name";
        }
        Object bits = how.has("bits") ? how.fields().get("bits") : how.fields().get("w_bit");
        return " by " + method + (bits instanceof Long ? " to " + bits + " bits" : "");
    }

    /** Refuses a folder in which a file says so. */
    static void refuseFiles(Path folder) {
        for (String[] file : FILES) {
            if (Files.exists(folder.resolve(file[0]))) {
                throw new ModelException(
                        Reason.UNSUPPORTED,
                        folder.resolve(file[0]) + ": says that the checkpoint is already quantized by " + file[1]
                                + INSTEAD);
            }
        }
    }

    /** Returns what a tensor's name tells of a checkpoint, to be put behind a complaint about it; or nothing. */
    static String hint(String tensor) {
        for (String[] hint : TENSORS) {
            if (tensor.endsWith(hint[0])
                    || tensor.contains(hint[0] + ".")
                    || tensor.contains(hint[0] + "_")
                    || hint[0].endsWith(".") && tensor.contains(hint[0])) {
                return ". It belongs to " + hint[1];
            }
        }
        return "";
    }
}
