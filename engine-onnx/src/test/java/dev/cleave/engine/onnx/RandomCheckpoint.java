package dev.cleave.engine.onnx;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Writes a Llama checkpoint of any small shape with random weights: heads of 16, feed-forward 2·d, tied. */
final class RandomCheckpoint {
    private static final int HEAD_SIZE = 16;

    private final Random random = new Random(7);
    private final List<String> header = new ArrayList<>();
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();

    private RandomCheckpoint() {}

    static Path write(Path folder, int layers, int hidden, int vocabulary, int context) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(
                folder.resolve("config.json"),
                String.format(
                        Locale.ROOT,
                        "{\"architectures\":[\"LlamaForCausalLM\"],\"model_type\":\"llama\",\"hidden_size\":%d,"
                                + "\"intermediate_size\":%d,\"num_hidden_layers\":%d,\"num_attention_heads\":%d,"
                                + "\"num_key_value_heads\":%d,\"vocab_size\":%d,\"max_position_embeddings\":%d,"
                                + "\"rms_norm_eps\":1e-5,\"rope_theta\":10000.0,\"hidden_act\":\"silu\","
                                + "\"tie_word_embeddings\":true,\"bos_token_id\":0,\"eos_token_id\":0}",
                        hidden,
                        2 * hidden,
                        layers,
                        hidden / HEAD_SIZE,
                        hidden / HEAD_SIZE,
                        vocabulary,
                        context));
        new RandomCheckpoint().weights(folder, layers, hidden, vocabulary);
        return folder;
    }

    private void weights(Path folder, int layers, int hidden, int vocabulary) throws IOException {
        tensor("model.embed_tokens.weight", vocabulary, hidden);
        tensor("model.norm.weight", hidden);
        for (int i = 0; i < layers; i++) {
            String layer = "model.layers." + i + ".";
            tensor(layer + "input_layernorm.weight", hidden);
            tensor(layer + "post_attention_layernorm.weight", hidden);
            for (String name : List.of("q", "k", "v", "o")) {
                tensor(layer + "self_attn." + name + "_proj.weight", hidden, hidden);
            }
            tensor(layer + "mlp.gate_proj.weight", 2 * hidden, hidden);
            tensor(layer + "mlp.up_proj.weight", 2 * hidden, hidden);
            tensor(layer + "mlp.down_proj.weight", hidden, 2 * hidden);
        }
        byte[] json = ("{" + String.join(",", header) + "}").getBytes(StandardCharsets.UTF_8);
        ByteBuffer file =
                ByteBuffer.allocate(Long.BYTES + json.length + data.size()).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(json.length).put(json).put(data.toByteArray());
        Files.write(folder.resolve("model.safetensors"), file.array());
    }

    private void tensor(String name, int... shape) {
        int size = 1;
        StringBuilder dimensions = new StringBuilder();
        for (int dimension : shape) {
            size *= dimension;
            dimensions.append(dimensions.isEmpty() ? "" : ",").append(dimension);
        }
        ByteBuffer values = ByteBuffer.allocate(size * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < size; i++) {
            values.putFloat(shape.length == 1 ? 1 : (float) random.nextGaussian() * 0.05f);
        }
        int begin = data.size();
        data.writeBytes(values.array());
        header.add(String.format(
                Locale.ROOT,
                "\"%s\":{\"dtype\":\"F32\",\"shape\":[%s],\"data_offsets\":[%d,%d]}",
                name,
                dimensions,
                begin,
                data.size()));
    }
}
