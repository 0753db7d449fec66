package dev.cleave.bench.rival;

import dev.cleave.model.Architecture;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Writes a GGUF file (version 3) of a Llama model with random weights, so that llama.cpp runs the same shape as we do. The
 * layout follows the public GGUF specification; every character of a prompt is one byte token.
 */
public final class GgufFile {
    private static final int ALIGNMENT = 32;
    private static final int F32 = 0;

    /** Block formats of llama.cpp: 32 weights, one half-precision scale. */
    public enum Format {
        /** 4 bits: 18 bytes for 32 weights. */
        Q4_0(2, 16),
        /** 8 bits: 34 bytes for 32 weights. */
        Q8_0(8, 32);

        private final int type;
        private final int codes;

        Format(int type, int codes) {
            this.type = type;
            this.codes = codes;
        }

        /** Returns the bytes of {@code weights} weights, a multiple of 32. */
        public long bytes(long weights) {
            return weights / 32 * (2 + codes);
        }
    }

    private record Tensor(String name, long columns, long rows, boolean norm) {
        long bytes(Format format) {
            return norm ? columns * 4 : format.bytes(columns * rows);
        }
    }

    private GgufFile() {}

    /**
     * Writes the file.
     *
     * @throws IOException where it cannot be written
     */
    public static void write(Path file, Architecture shape, Format format) throws IOException {
        List<Tensor> tensors = tensors(shape);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
            byte[] header = header(shape, tensors, format);
            out.write(header);
            pad(out, header.length);
            SplittableRandom random = new SplittableRandom(1);
            for (Tensor tensor : tensors) {
                if (tensor.norm) {
                    writeOnes(out, tensor.columns);
                } else {
                    writeBlocks(out, tensor.columns * tensor.rows / 32, format, random);
                }
                pad(out, tensor.bytes(format));
            }
        }
    }

    private static List<Tensor> tensors(Architecture shape) {
        int d = shape.hidden();
        int kv = shape.kvHeads() * shape.headSize();
        List<Tensor> tensors = new ArrayList<>();
        tensors.add(new Tensor("token_embd.weight", d, shape.vocabulary(), false));
        for (int layer = 0; layer < shape.layers(); layer++) {
            String block = "blk." + layer + ".";
            tensors.add(new Tensor(block + "attn_norm.weight", d, 1, true));
            tensors.add(new Tensor(block + "attn_q.weight", d, shape.attentionWidth(), false));
            tensors.add(new Tensor(block + "attn_k.weight", d, kv, false));
            tensors.add(new Tensor(block + "attn_v.weight", d, kv, false));
            tensors.add(new Tensor(block + "attn_output.weight", shape.attentionWidth(), d, false));
            tensors.add(new Tensor(block + "ffn_norm.weight", d, 1, true));
            tensors.add(new Tensor(block + "ffn_gate.weight", d, shape.feedForward(), false));
            tensors.add(new Tensor(block + "ffn_up.weight", d, shape.feedForward(), false));
            tensors.add(new Tensor(block + "ffn_down.weight", shape.feedForward(), d, false));
        }
        tensors.add(new Tensor("output_norm.weight", d, 1, true));
        tensors.add(new Tensor("output.weight", d, shape.vocabulary(), false));
        return tensors;
    }

    private static byte[] header(Architecture shape, List<Tensor> tensors, Format format) {
        Metadata data = new Metadata();
        data.text("general.architecture", "llama");
        data.text("general.name", "random");
        data.integer("llama.block_count", shape.layers());
        data.integer("llama.context_length", shape.context());
        data.integer("llama.embedding_length", shape.hidden());
        data.integer("llama.feed_forward_length", shape.feedForward());
        data.integer("llama.attention.head_count", shape.heads());
        data.integer("llama.attention.head_count_kv", shape.kvHeads());
        data.integer("llama.rope.dimension_count", shape.headSize());
        data.integer("llama.vocab_size", shape.vocabulary());
        data.real("llama.attention.layer_norm_rms_epsilon", shape.normEpsilon());
        data.integer("general.file_type", format == Format.Q4_0 ? 2 : 7);
        data.integer("general.quantization_version", 2);
        data.text("tokenizer.ggml.model", "llama");
        data.vocabulary(shape.vocabulary());
        data.integer("tokenizer.ggml.bos_token_id", 1);
        data.integer("tokenizer.ggml.eos_token_id", 2);
        data.bool("tokenizer.ggml.add_space_prefix", false);

        ByteBuffer buffer = ByteBuffer.allocate(data.bytes.length() + 24 + tensors.size() * 128)
                .order(ByteOrder.LITTLE_ENDIAN);
        buffer.put("GGUF".getBytes(StandardCharsets.US_ASCII));
        buffer.putInt(3).putLong(tensors.size()).putLong(data.count);
        buffer.put(data.bytes.array(), 0, data.bytes.length());
        long offset = 0;
        for (Tensor tensor : tensors) {
            byte[] name = tensor.name.getBytes(StandardCharsets.UTF_8);
            buffer.putLong(name.length).put(name);
            buffer.putInt(tensor.norm ? 1 : 2).putLong(tensor.columns);
            if (!tensor.norm) {
                buffer.putLong(tensor.rows);
            }
            buffer.putInt(tensor.norm ? F32 : format.type).putLong(offset);
            offset += aligned(tensor.bytes(format));
        }
        return java.util.Arrays.copyOf(buffer.array(), buffer.position());
    }

    private static void writeOnes(OutputStream out, long count) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(1);
        for (long i = 0; i < count; i++) {
            out.write(one.array());
        }
    }

    private static void writeBlocks(OutputStream out, long blocks, Format format, SplittableRandom random)
            throws IOException {
        byte[] block = new byte[2 + format.codes];
        byte[] codes = new byte[format.codes];
        // 2^-9 in half precision: weights of about 0.01, as trained models have them.
        block[1] = 0x18;
        for (long i = 0; i < blocks; i++) {
            random.nextBytes(codes);
            System.arraycopy(codes, 0, block, 2, codes.length);
            out.write(block);
        }
    }

    private static void pad(OutputStream out, long written) throws IOException {
        out.write(new byte[(int) (aligned(written) - written)]);
    }

    private static long aligned(long bytes) {
        return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
}
