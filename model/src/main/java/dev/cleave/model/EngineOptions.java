package dev.cleave.model;

/**
 * How an engine uses the machine.
 *
 * @param threads that compute together on one run, 1..1024. An engine may have one pool for the whole process: the first
 *     engine's number holds
 * @param chunk greatest number of tokens in one run, 1..4096
 * @param spinning whether idle threads wait busily: a little faster on cores that nothing else uses, much slower on others
 * @param keepWeights whether weights stay loaded when their last segment closes, until the engine closes
 */
public record EngineOptions(int threads, int chunk, boolean spinning, boolean keepWeights) {
    /** All cores, chunks of 64 tokens, no spinning, weights freed with their last segment. */
    public static final EngineOptions DEFAULT =
            new EngineOptions(Runtime.getRuntime().availableProcessors(), 64, false, false);

    /** Checks the ranges. */
    public EngineOptions {
        if (threads < 1 || threads > 1024) {
            throw new IllegalArgumentException("threads=" + threads + ", expected 1..1024");
        }
        if (chunk < 1 || chunk > 4096) {
            throw new IllegalArgumentException("chunk=" + chunk + ", expected 1..4096");
        }
    }

    /** Returns these options with another number of threads. */
    public EngineOptions withThreads(int count) {
        return new EngineOptions(count, chunk, spinning, keepWeights);
    }

    /** Returns these options with another size of chunks. */
    public EngineOptions withChunk(int tokens) {
        return new EngineOptions(threads, tokens, spinning, keepWeights);
    }

    /** Returns these options with weights kept or not. */
    public EngineOptions withKeepWeights(boolean keep) {
        return new EngineOptions(threads, chunk, spinning, keep);
    }
}
