package dev.cleave.bench.engine;

import dev.cleave.model.Architecture;
import dev.cleave.model.Rope;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * A Llama checkpoint of any shape with random weights: bfloat16, normally distributed with a standard deviation of 0.02, norms
 * of 1. Speed and memory do not depend on what weights say.
 */
public final class SyntheticCheckpoint {
    /** TinyLlama-1.1B's shape: 1.1 billion weights, 2.2 GB. */
    public static final Architecture TINY_LLAMA = new Architecture(
            "llama", 22, 2048, 32, 4, 64, 5632, 32_000, 2048, 1e-5f, new Rope.Plain(10_000), false, false);

    /** Of no use but to warm up. */
    public static final Architecture TINY =
            new Architecture("llama", 2, 64, 4, 2, 16, 128, 256, 512, 1e-5f, new Rope.Plain(10_000), false, false);

    private static final double DEVIATION = 0.02;
    private static final int BUFFER = 1 << 22;
    private static final short ONE = 0x3F80;

    private final Architecture shape;
    private final Map<String, long[]> tensors = new LinkedHashMap<>();

    private SyntheticCheckpoint(Architecture shape) {
        this.shape = shape;
    }

    /** Writes {@code config.json} and {@code model.safetensors} into a folder. */
    public static void write(Path folder, Architecture shape) throws IOException {
        Files.createDirectories(folder);
        SyntheticCheckpoint checkpoint = new SyntheticCheckpoint(shape);
        Files.writeString(folder.resolve("config.json"), checkpoint.config());
        checkpoint.listTensors();
        checkpoint.writeWeights(folder.resolve("model.safetensors"));
    }

    private String config() {
        return String.format(
                Locale.ROOT,
                """
                {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": %d,
                 "intermediate_size": %d, "num_hidden_layers": %d, "num_attention_heads": %d,
                 "num_key_value_heads": %d, "head_dim": %d, "vocab_size": %d, "max_position_embeddings": %d,
                 "rms_norm_eps": %s, "rope_theta": %s, "hidden_act": "silu", "tie_word_embeddings": %s,
                 "bos_token_id": 1, "eos_token_id": 2, "torch_dtype": "bfloat16"}
                """,
                shape.hidden(),
                shape.feedForward(),
                shape.layers(),
                shape.heads(),
                shape.kvHeads(),
                shape.headSize(),
                shape.vocabulary(),
                shape.context(),
                shape.normEpsilon(),
                shape.rope().theta(),
                shape.tied());
    }

    private void listTensors() {
        long d = shape.hidden();
        tensors.put("model.embed_tokens.weight", new long[] {shape.vocabulary(), d});
        for (int i = 0; i < shape.layers(); i++) {
            String layer = "model.layers." + i + ".";
            long kv = (long) shape.kvHeads() * shape.headSize();
            tensors.put(layer + "input_layernorm.weight", new long[] {d});
            tensors.put(layer + "self_attn.q_proj.weight", new long[] {shape.attentionWidth(), d});
            tensors.put(layer + "self_attn.k_proj.weight", new long[] {kv, d});
            tensors.put(layer + "self_attn.v_proj.weight", new long[] {kv, d});
            tensors.put(layer + "self_attn.o_proj.weight", new long[] {d, shape.attentionWidth()});
            tensors.put(layer + "post_attention_layernorm.weight", new long[] {d});
            tensors.put(layer + "mlp.gate_proj.weight", new long[] {shape.feedForward(), d});
            tensors.put(layer + "mlp.up_proj.weight", new long[] {shape.feedForward(), d});
            tensors.put(layer + "mlp.down_proj.weight", new long[] {d, shape.feedForward()});
        }
        tensors.put("model.norm.weight", new long[] {d});
        if (!shape.tied()) {
            tensors.put("lm_head.weight", new long[] {shape.vocabulary(), d});
        }
    }

    private void writeWeights(Path file) throws IOException {
        List<String> entries = new ArrayList<>();
        long offset = 0;
        for (Map.Entry<String, long[]> tensor : tensors.entrySet()) {
            long end = offset + values(tensor.getValue()) * Short.BYTES;
            entries.add(String.format(
                    Locale.ROOT,
                    "\"%s\":{\"dtype\":\"BF16\",\"shape\":%s,\"data_offsets\":[%d,%d]}",
                    tensor.getKey(),
                    Arrays.toString(tensor.getValue()),
                    offset,
                    end));
            offset = end;
        }
        byte[] header = ("{" + String.join(",", entries) + "}").getBytes(StandardCharsets.UTF_8);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
            buffer.putLong(header.length).put(header);
            flush(channel, buffer);
            short[] normal = normalDistribution();
            SplittableRandom random = new SplittableRandom(1);
            for (long[] dimensions : tensors.values()) {
                for (long i = values(dimensions); i > 0; i--) {
                    buffer.putShort(dimensions.length == 1 ? ONE : normal[random.nextInt() >>> 16]);
                    if (!buffer.hasRemaining()) {
                        flush(channel, buffer);
                    }
                }
            }
            flush(channel, buffer);
        }
    }

    private static void flush(FileChannel channel, ByteBuffer buffer) throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }

    private static long values(long[] dimensions) {
        long count = 1;
        for (long dimension : dimensions) {
            count *= dimension;
        }
        return count;
    }

    /** Returns 65,536 draws as bfloat16: a billion draws from this table are as good and much faster. */
    private static short[] normalDistribution() {
        Random random = new Random(2);
        short[] values = new short[1 << 16];
        for (int i = 0; i < values.length; i++) {
            values[i] = (short) (Float.floatToIntBits((float) (random.nextGaussian() * DEVIATION)) >>> 16);
        }
        return values;
    }
}
