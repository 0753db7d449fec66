package dev.cleave.bench.rival;

import de.kherud.llama.InferenceParameters;
import de.kherud.llama.LlamaModel;
import de.kherud.llama.LlamaOutput;
import de.kherud.llama.ModelParameters;
import de.kherud.llama.args.LogFormat;
import java.nio.file.Path;

/** llama.cpp on the CPU, by the prebuilt library of {@code de.kherud:llama}. */
public final class LlamaCpp implements AutoCloseable {
    private final LlamaModel model;

    /**
     * Loads a model.
     *
     * @param threads for prompt and generation, at least 1
     * @param context tokens of the KV cache
     */
    public LlamaCpp(Path gguf, int threads, int context) {
        LlamaModel.setLogger(LogFormat.TEXT, (level, message) -> {});
        model = new LlamaModel(new ModelParameters()
                .setModel(gguf.toString())
                .setThreads(threads)
                .setThreadsBatch(threads)
                .setCtxSize(context)
                .disableLog());
    }

    /** Returns seconds to read a prompt of {@code tokens} tokens and sample the first token behind it. */
    public double prefillSeconds(int tokens) {
        InferenceParameters request = request(tokens).setNPredict(1);
        long start = System.nanoTime();
        model.complete(request);
        return (System.nanoTime() - start) / 1e9;
    }

    /** Returns seconds a token while generating {@code tokens} tokens behind a short prompt. */
    public double decodeSeconds(int tokens) {
        long first = 0;
        long last = 0;
        int steps = -1;
        for (LlamaOutput output : model.generate(request(4).setNPredict(tokens + 1))) {
            last = System.nanoTime();
            if (steps < 0) {
                first = last;
            }
            steps++;
            if (output == null) {
                throw new IllegalStateException("no output");
            }
        }
        if (steps < tokens - 1) {
            throw new IllegalStateException("llama.cpp ended after " + steps + " of " + tokens + " tokens");
        }
        return (last - first) / 1e9 / steps;
    }

    private InferenceParameters request(int tokens) {
        // Begin-of-text is a token as well; every other character is one byte token.
        return new InferenceParameters("x".repeat(tokens - 1))
                .setCachePrompt(false)
                .setIgnoreEos(true)
                .setTemperature(0);
    }

    @Override
    public void close() {
        model.close();
    }
}
