package dev.cleave.quality.evaluation;

import dev.cleave.codec.Decoder;
import dev.cleave.codec.Encoder;
import dev.cleave.model.Output;
import dev.cleave.model.Sequence;
import java.nio.FloatBuffer;

/** One coding and the back segment behind it. Branches beside each other get the same activations. */
final class Branch implements AutoCloseable {
    private final Coding coding;
    private final Sequence back;
    private final int width;
    private final Encoder encoder;
    private final Decoder decoder;
    private final byte[] frame;
    private Counts counts = new Counts();

    /** @param width d */
    Branch(Coding coding, Sequence back, int width) {
        this.coding = coding;
        this.back = back;
        this.width = width;
        encoder = coding.encoder();
        decoder = coding.decoder();
        frame = new byte[encoder.maxEncodedSize(back.chunk())];
    }

    /**
     * Carries activations over and runs them.
     *
     * @param hidden rows [tokens, d]
     * @return logits, none or [1, vocabulary] or [tokens, vocabulary], until the next run
     */
    FloatBuffer run(FloatBuffer hidden, int tokens, int position, Output output) {
        long begun = System.nanoTime();
        int length = encoder.encode(hidden, tokens, frame, 0);
        long encoded = System.nanoTime();
        decoder.decode(frame, 0, length, back.hiddenInput());
        counts.time(encoded - begun, System.nanoTime() - encoded);
        counts.frame(length, hidden, tokens * width, encoder.relativeError());
        return back.run(tokens, position, output);
    }

    /**
     * As {@link #run}, for one token that the back segment's side has sampled itself.
     *
     * @param id of the token
     * @param before id of the token before, or -1 where it stood in the prompt
     */
    FloatBuffer runKnown(FloatBuffer hidden, int id, int before, int position, Output output) {
        encoder.known(id, before);
        decoder.known(id, before);
        return run(hidden, 1, position, output);
    }

    Coding coding() {
        return coding;
    }

    Counts counts() {
        return counts;
    }

    void reset() {
        counts = new Counts();
    }

    @Override
    public void close() {
        back.close();
    }
}
