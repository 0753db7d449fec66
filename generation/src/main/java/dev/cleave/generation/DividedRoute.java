package dev.cleave.generation;

import dev.cleave.codec.Encoder;
import dev.cleave.codec.LinkQuality;
import dev.cleave.model.Output;
import dev.cleave.model.Segment;
import dev.cleave.model.SegmentMemory;
import dev.cleave.transport.StepSample;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;

/** Splits 1..L-1: the front segment here, its activations through the codec to the worker. */
final class DividedRoute implements Route {
    private final Segment front;
    private final LinkPlan plan;
    private final Map<String, Encoder> encoders = new HashMap<>();
    private final int[] next = new int[1];
    private final int width;
    private final WorkerPath path;
    private byte[] frame = new byte[0];

    /** @param width d */
    DividedRoute(Segment front, LinkPlan plan, int width, WorkerPath path) {
        this.front = front;
        this.plan = plan;
        this.width = width;
        this.path = path;
        add(plan.prompt());
        plan.changes().forEach(change -> add(change.quality()));
    }

    private void add(LinkQuality quality) {
        encoders.computeIfAbsent(quality.name(), name -> quality.encoder(width));
    }

    private Encoder encoder(LinkQuality quality) {
        return encoders.get(quality.name());
    }

    @Override
    public int begin(int keep) {
        boolean opened = path.ensureOpen();
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
        return Math.min(front.chunk(), path.session().limits().maxTokensPerStep());
    }

    @Override
    public int window() {
        return path.session().limits().window();
    }

    @Override
    public void send(int[] ids, int from, int tokens, int position, StepSample sample, StepMeter meter) {
        send(encoder(plan.prompt()), ids, from, tokens, position, sample, meter);
    }

    @Override
    public void sendSampled(int index, int id, int before, int position, StepMeter meter) {
        next[0] = id;
        Encoder encoder = encoder(plan.decode(index));
        encoder.known(id, before);
        send(encoder, next, 0, 1, position, StepSample.LAST, meter);
    }

    private void send(
            Encoder encoder, int[] ids, int from, int tokens, int position, StepSample sample, StepMeter meter) {
        long begun = System.nanoTime();
        FloatBuffer hidden = front.run(ids, from, tokens, position, Output.NONE);
        long computed = System.nanoTime();
        int bytes = encoder.encode(hidden, tokens, frame, 0);
        long encoded = System.nanoTime();
        meter.add(StepMeter.EDGE, computed - begun);
        meter.add(StepMeter.ENCODE, encoded - computed);
        meter.sent(tokens, bytes);
        meter.lost(tokens, encoder.relativeError());
        path.session().send(position, tokens, sample, frame, 0, bytes);
    }

    @Override
    public void receive(Sampled sampled, StepMeter meter) {
        path.receive(sampled, meter);
    }

    @Override
    public void cancel() {
        path.session().cancel();
    }

    @Override
    public void abandon() {
        path.close();
    }

    @Override
    public int valuesPerToken() {
        return width;
    }

    @Override
    public Traffic traffic() {
        return path.traffic();
    }

    @Override
    public SegmentMemory memory() {
        return front.memory();
    }

    @Override
    public void close() {
        path.close();
    }
}
