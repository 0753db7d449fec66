package dev.cleave.generation.backend;

import dev.cleave.codec.CodecLevel;
import dev.cleave.codec.Encoder;
import dev.cleave.generation.LatencyTarget;
import dev.cleave.generation.Traffic;
import dev.cleave.generation.link.LinkGovernor;
import dev.cleave.generation.link.LinkPlan;
import dev.cleave.generation.link.LinkRule;
import dev.cleave.model.Output;
import dev.cleave.model.SegmentMemory;
import dev.cleave.model.Sequence;
import dev.cleave.transport.Step;
import dev.cleave.transport.StepSample;
import java.nio.Buffer;
import java.nio.FloatBuffer;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Splits 1..L-1: the front segment here, its activations through the codec to the worker. */
final class SplitBackend implements Backend {
    private static final double NANOS_PER_MILLI = 1e6;
    /** Tokens of a prompt by which the sizes of frames are predicted. */
    private static final int TRIED_TOKENS = 4;

    private final Sequence front;
    private final CodecLevel promptLink;
    private final List<CodecLevel> ladder;
    private final Optional<LinkGovernor> governor;
    private final LinkRule links;
    private final Map<String, Encoder> encoders = new HashMap<>();
    private final int[] next = new int[1];
    private final int width;
    private final WorkerConnection connection;
    private byte[] frame = new byte[0];

    SplitBackend(DeviceModel model, WorkerConnection connection) {
        this.front = model.front().get();
        this.width = model.bundle().architecture().hidden();
        this.connection = connection;
        LinkPlan plan = model.config().link();
        promptLink = plan.prompt();
        ladder = model.target().map(LatencyTarget::ladder).orElse(Collections.emptyList());
        governor = ladder.isEmpty()
                ? Optional.empty()
                : Optional.of(new LinkGovernor(ladder, model.target().get().deadlineMillis() * NANOS_PER_MILLI));
        links = governor.isPresent() ? governor.get() : plan::decode;
        // All of them now: a decode step allocates nothing, also where it is the first of its quality.
        add(promptLink);
        plan.changes().forEach(change -> add(change.quality()));
        ladder.forEach(this::add);
    }

    private void add(CodecLevel quality) {
        encoders.computeIfAbsent(quality.name(), name -> quality.encoder(width));
    }

    private Encoder encoder(CodecLevel quality) {
        return encoders.get(quality.name());
    }

    @Override
    public int begin(int keep) {
        boolean opened = connection.ensureOpen();
        for (Encoder encoder : encoders.values()) {
            int bytes = encoder.maxEncodedSize(stepTokens());
            if (frame.length < bytes) {
                frame = new byte[bytes];
            }
        }
        return opened ? 0 : keep;
    }

    @Override
    public int stepTokens() {
        return Math.min(front.chunk(), connection.session().limits().maxTokensPerStep());
    }

    @Override
    public int window() {
        return connection.session().limits().window();
    }

    @Override
    public void send(int[] ids, int from, int tokens, int position, StepSample sample, StepMeter meter) {
        FloatBuffer hidden = send(encoder(promptLink), ids, from, tokens, position, sample, meter);
        if (governor.isPresent() && sample == StepSample.LAST) {
            // The worker has what it needs; while it works and answers, there is time.
            predict(hidden, ids, from, tokens);
        }
    }

    @Override
    public void sendSampled(CodecLevel quality, int id, int before, int position, StepMeter meter) {
        next[0] = id;
        Encoder encoder = encoder(quality);
        encoder.known(id, before);
        send(encoder, next, 0, 1, position, StepSample.LAST, meter);
    }

    private FloatBuffer send(
            Encoder encoder, int[] ids, int from, int tokens, int position, StepSample sample, StepMeter meter) {
        long begun = System.nanoTime();
        FloatBuffer hidden = front.run(ids, from, tokens, position, Output.NONE);
        long computed = System.nanoTime();
        int bytes = encoder.encode(hidden, tokens, frame, 0);
        long encoded = System.nanoTime();
        meter.add(StepMeter.EDGE, computed - begun);
        meter.add(StepMeter.ENCODE, encoded - computed);
        meter.sent(tokens, width, bytes);
        meter.lost(tokens, encoder.relativeError());
        connection.session().send(Step.frame(position, tokens, sample, frame, 0, bytes));
        return hidden;
    }

    /** Encodes the last tokens of a prompt at every rung, as generated ones would be: how many bytes does each take? */
    private void predict(FloatBuffer hidden, int[] ids, int from, int tokens) {
        int tried = Math.min(TRIED_TOKENS, tokens);
        for (int rung = 0; rung < ladder.size(); rung++) {
            Encoder encoder = encoder(ladder.get(rung));
            double bytes = 0;
            for (int token = tokens - tried; token < tokens; token++) {
                FloatBuffer row = hidden.duplicate();
                // Of Buffer, because Android's FloatBuffer has no such methods of its own.
                ((Buffer) row).limit((token + 1) * width);
                ((Buffer) row).position(token * width);
                encoder.known(ids[from + token], token > 0 ? ids[from + token - 1] : -1);
                bytes += encoder.encode(row.slice(), 1, frame, 0);
            }
            governor.get().expect(rung, bytes / tried);
        }
    }

    @Override
    public void receive(StepResult sampled, StepMeter meter) {
        connection.receive(sampled, meter);
    }

    @Override
    public LinkRule links() {
        return links;
    }

    @Override
    public void cancel() {
        connection.session().cancel();
    }

    @Override
    public void abandon() {
        connection.close();
    }

    @Override
    public Traffic traffic() {
        return connection.traffic();
    }

    @Override
    public long socketBytes() {
        return connection.socketBytes();
    }

    @Override
    public SegmentMemory memory() {
        return front.wholeFootprint();
    }

    @Override
    public void close() {
        connection.close();
    }
}
