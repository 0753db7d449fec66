package dev.cleave.quality.evaluation;

import dev.cleave.codec.Encoder;
import dev.cleave.generation.SplitConfig;
import dev.cleave.generation.backend.DeviceModel;
import dev.cleave.generation.link.TunedLinks;
import dev.cleave.model.Output;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.Sequence;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.sampling.SamplingOptions;
import dev.cleave.model.tokenizer.Tokenizer;
import dev.cleave.quality.evaluation.TextEvaluation.Steps;
import dev.cleave.transport.Step;
import dev.cleave.transport.TransportException;
import dev.cleave.transport.device.DeviceLink;
import dev.cleave.transport.device.DeviceSession;
import dev.cleave.transport.device.StepReply;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Perplexity of a text over one codec level, through a broker: the front segment is here, and a worker tells the probability of
 * each next token. It keeps the rest of its predictions, so that no divergence is known.
 */
public final class BrokerTexts implements AutoCloseable {
    /** A worker's logits are kept for no more positions at once; see docs/wire.md. */
    private static final int MOST_SCORED = 32;

    private final DeviceModel model;
    private final DeviceSession session;
    private final Sequence front;
    private final Coding coding;
    private final Encoder encoder;
    private final int width;
    private final int chunk;
    private final byte[] frame;

    private BrokerTexts(DeviceModel model, DeviceSession session) {
        this.model = model;
        this.session = session;
        front = model.front().orElseThrow();
        Bundle bundle = model.bundle();
        width = bundle.architecture().hidden();
        coding = Coding.of(
                TunedLinks.at(bundle, model.config().split())
                        .apply(model.config().link().prompt()),
                width);
        encoder = coding.encoder();
        chunk = chunk();
        frame = new byte[encoder.maxEncodedSize(chunk)];
    }

    /**
     * Opens the front segment, and a session.
     *
     * @param config a split of 1..L-1, with one codec level
     * @param link stays the caller's
     * @param device name that the link has connected under
     */
    public static BrokerTexts open(
            SegmentEngine engine,
            Bundle bundle,
            Tokenizer tokenizer,
            SplitConfig config,
            DeviceLink link,
            String device) {
        DeviceModel model = DeviceModel.open(
                bundle, tokenizer, engine, config, bundle.architecture().context());
        try {
            return new BrokerTexts(model, link.open(model.request(device, SamplingOptions.GREEDY)));
        } catch (RuntimeException failure) {
            model.close();
            throw failure;
        }
    }

    /** As many tokens as may be scored at once, and whose frame is one message. */
    private int chunk() {
        int tokens =
                Math.min(MOST_SCORED, Math.min(front.chunk(), session.limits().maxTokensPerStep()));
        while (tokens > 1 && encoder.maxEncodedSize(tokens) > session.limits().maxPayload()) {
            tokens--;
        }
        return tokens;
    }

    /**
     * Runs the windows.
     *
     * @param progress is told the tokens that are done
     */
    public TextResult run(List<int[]> windows, Steps steps, LongConsumer progress) {
        Counts counts = new Counts();
        int most = steps == Steps.PROMPT ? chunk : 1;
        long tokens = 0;
        for (int[] window : windows) {
            for (int from = 0; from < window.length; from += most) {
                if (steps == Steps.DECODE && from > 0) {
                    encoder.known(window[from], from > 1 ? window[from - 1] : -1);
                }
                step(window, from, Math.min(most, window.length - from), counts);
            }
            tokens += window.length;
            progress.accept(tokens);
        }
        return counts.result(coding, tokens, false).withoutDivergence();
    }

    private void step(int[] window, int from, int count, Counts counts) {
        FloatBuffer hidden = front.run(window, from, count, from, Output.NONE);
        long begun = System.nanoTime();
        int length = encoder.encode(hidden, count, frame, 0);
        long encoded = System.nanoTime() - begun;
        counts.frame(length, hidden, count * width, encoder.relativeError());
        session.send(Step.scored(from, count, window, from + 1, frame, length));
        StepReply reply = session.receive();
        counts.time(encoded, reply.decodeMicros() * 1000L);
        int scored = Math.min(count, window.length - from - 1);
        for (int i = 0; i < scored; i++) {
            if (Float.isNaN(reply.logProbability(i))) {
                throw new TransportException(
                        TransportException.Reason.PROTOCOL,
                        "worker " + session.worker()
                                + " is older than this program and tells no probabilities of given tokens",
                        null);
            }
            counts.predicted(-reply.logProbability(i), 0, 0);
        }
    }

    @Override
    public void close() {
        session.close();
        model.close();
    }
}
