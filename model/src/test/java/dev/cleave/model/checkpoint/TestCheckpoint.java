package dev.cleave.model.checkpoint;

import dev.cleave.model.json.JsonWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A small random checkpoint, to be changed in one place and written: Llama, 2 layers, d 64, 4 heads (2 for K and V) of 16,
 * FFN 96, vocabulary 50.
 */
public final class TestCheckpoint {
    /** The configuration, to be changed. */
    public final Map<String, Object> config = new LinkedHashMap<>();
    /** The tensors' shapes by name, to be changed. */
    public final Map<String, long[]> shapes = new LinkedHashMap<>();
    /** The tensors' values by name, to be changed. */
    public final Map<String, float[]> values = new LinkedHashMap<>();
    /** The type of all tensors. */
    public String type = "F32";

    /** Creates a Llama. */
    public TestCheckpoint() {
        this(50);
    }

    /** Creates a Llama with another vocabulary. */
    public TestCheckpoint(int vocabulary) {
        config.put("architectures", Collections.singletonList("LlamaForCausalLM"));
        config.put("hidden_size", 64);
        config.put("intermediate_size", 96);
        config.put("num_hidden_layers", 2);
        config.put("num_attention_heads", 4);
        config.put("num_key_value_heads", 2);
        config.put("vocab_size", vocabulary);
        config.put("max_position_embeddings", 128);
        config.put("rms_norm_eps", 1e-5);
        config.put("hidden_act", "silu");
        config.put("tie_word_embeddings", false);
        config.put("bos_token_id", 1);
        config.put("eos_token_id", 2);
        add("model.embed_tokens.weight", vocabulary, 64);
        add("lm_head.weight", vocabulary, 64);
        add("model.norm.weight", 64);
        for (int layer = 0; layer < 2; layer++) {
            String prefix = "model.layers." + layer + ".";
            add(prefix + "input_layernorm.weight", 64);
            add(prefix + "self_attn.q_proj.weight", 64, 64);
            add(prefix + "self_attn.k_proj.weight", 32, 64);
            add(prefix + "self_attn.v_proj.weight", 32, 64);
            add(prefix + "self_attn.o_proj.weight", 64, 64);
            add(prefix + "post_attention_layernorm.weight", 64);
            add(prefix + "mlp.gate_proj.weight", 96, 64);
            add(prefix + "mlp.up_proj.weight", 96, 64);
            add(prefix + "mlp.down_proj.weight", 64, 96);
        }
    }

    /** Adds a tensor of random values that float16 and bfloat16 hold exactly: multiples of 1/64 in -1..1. */
    public void add(String name, long... shape) {
        int count = 1;
        for (long dimension : shape) {
            count *= (int) dimension;
        }
        Random random = new Random(name.hashCode());
        float[] tensor = new float[count];
        for (int i = 0; i < count; i++) {
            tensor[i] = (random.nextInt(129) - 64) / 64f;
        }
        shapes.put(name, shape);
        values.put(name, tensor);
    }

    /** Removes a tensor. */
    public void remove(String name) {
        shapes.remove(name);
        values.remove(name);
    }

    /** Writes the configuration and one file of weights. */
    public Path write(Path folder) {
        writeConfig(folder);
        write(folder.resolve("model.safetensors"), new ArrayList<>(shapes.keySet()));
        return folder;
    }

    /** Writes the configuration and several files of weights, with their index. */
    public Path writeInFiles(Path folder, int files) {
        writeConfig(folder);
        Map<String, Object> weightMap = new LinkedHashMap<>();
        List<List<String>> parts = new ArrayList<>();
        for (int i = 0; i < files; i++) {
            parts.add(new ArrayList<>());
        }
        int next = 0;
        for (String name : shapes.keySet()) {
            int part = next++ % files;
            parts.get(part).add(name);
            weightMap.put(name, partName(part));
        }
        for (int i = 0; i < files; i++) {
            write(folder.resolve(partName(i)), parts.get(i));
        }
        writeText(
                folder.resolve("model.safetensors.index.json"),
                JsonWriter.pretty(Collections.singletonMap("weight_map", weightMap)));
        return folder;
    }

    /** Returns the name of one of several files. */
    public static String partName(int part) {
        return "model-0000" + (part + 1) + ".safetensors";
    }

    /** Writes any file. */
    public static void writeText(Path file, byte[] bytes) {
        try {
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void writeConfig(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        writeText(folder.resolve("config.json"), JsonWriter.pretty(config));
    }

    private void write(Path file, List<String> names) {
        TestSafetensors tensors = new TestSafetensors();
        names.forEach(name -> tensors.add(name, type, values.get(name), shapes.get(name)));
        tensors.write(file);
    }
}
