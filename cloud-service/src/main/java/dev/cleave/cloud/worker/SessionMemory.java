package dev.cleave.cloud.worker;

import dev.cleave.codec.CodecLevel;
import dev.cleave.model.Architecture;
import dev.cleave.model.SegmentMemory;
import dev.cleave.model.sampling.SamplingOptions;

/**
 * What one session takes of a worker at most, in bytes; weights, which sessions share, are apart.
 *
 * @param kv KV cache for the session's length
 * @param workspace buffers and scratch memory of a run of a full chunk
 * @param logits rows for the most positions that one step may sample
 * @param frames messages of a full window of steps
 * @param state decoders of every quality, the sampler's tables, ids of the session's tokens
 */
record SessionMemory(long kv, long workspace, long logits, long frames, long state) {
    /** Bytes of a message besides frame and ids, and of the objects that hold a step. */
    private static final long AROUND_STEP = 2048;

    /** An id as it travels, at most, and as it is kept; those of split 0 or sampled, and forced ones. */
    private static final long ID_BYTES = 2 * (5 + Integer.BYTES);

    /** Tables of one decoder besides its rows: levels, codes, the coder's state. */
    private static final long DECODER = 4096;

    /** Rows of d floats that one decoder holds. */
    private static final long DECODER_ROWS = 3;

    /** Objects of a session that do not grow with the model. */
    private static final long OBJECTS = 16 * 1024;

    /**
     * Adds up what a session takes.
     *
     * @param engine what the engine says of its segment and sequence, with one row of logits in the workspace
     * @param maxLength tokens of the session
     * @param chunk greatest number of tokens in a step
     * @param stepBytes greatest frame of a step; 0 where steps are ids
     */
    static SessionMemory of(
            Architecture architecture,
            SegmentMemory engine,
            SamplingOptions sampling,
            int maxLength,
            int chunk,
            int stepBytes) {
        long row = (long) architecture.vocabulary() * Float.BYTES;
        long frames = ModelWorker.WINDOW * (stepBytes + AROUND_STEP + chunk * ID_BYTES);
        long decoders = stepBytes == 0
                ? 0
                : CodecLevel.named().size() * (DECODER + DECODER_ROWS * Float.BYTES * architecture.hidden());
        // One weight and, where few are to be kept, one key for each id.
        long sampler = sampling.temperature() == 0 ? 0 : 2L * Double.BYTES * architecture.vocabulary();
        return new SessionMemory(
                engine.kv(),
                engine.workspace() - row,
                Math.min(chunk, ModelSession.MAX_SAMPLED) * row,
                frames,
                decoders + sampler + (long) Integer.BYTES * maxLength + OBJECTS);
    }

    /** Returns the sum. */
    long total() {
        return kv + workspace + logits + frames + state;
    }

    @Override
    public String toString() {
        return total() + " bytes (KV cache " + kv + ", workspace " + workspace + ", logits " + logits
                + ", steps under way " + frames + ", decoding and sampling " + state + ")";
    }
}
