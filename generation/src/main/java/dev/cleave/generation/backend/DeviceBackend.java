package dev.cleave.generation.backend;

import dev.cleave.codec.CodecLevel;
import dev.cleave.generation.Traffic;
import dev.cleave.generation.link.LinkRule;
import dev.cleave.model.Output;
import dev.cleave.model.SegmentMemory;
import dev.cleave.model.Sequence;
import dev.cleave.model.sampling.Sampler;
import dev.cleave.model.sampling.SamplingOptions;
import dev.cleave.transport.StepFinish;
import dev.cleave.transport.StepSample;
import java.nio.FloatBuffer;

/** Split L: all layers, head and sampling here; no broker. */
final class DeviceBackend implements Backend {
    private final int[] next = new int[1];
    private final Sequence whole;
    private final LinkRule links;
    private final Sampler sampler;
    private int sampled = -1;

    DeviceBackend(DeviceModel model, SamplingOptions sampling) {
        whole = model.front().get();
        links = model.config().link()::decode;
        sampler = new Sampler(model.bundle().architecture().vocabulary(), sampling);
    }

    @Override
    public int begin(int keep) {
        return keep;
    }

    @Override
    public int stepTokens() {
        return whole.chunk();
    }

    @Override
    public int window() {
        return 1;
    }

    @Override
    public void send(int[] ids, int from, int tokens, int position, StepSample sample, StepMeter meter) {
        long begun = System.nanoTime();
        Output output = sample == StepSample.LAST ? Output.LAST : Output.NONE;
        FloatBuffer logits = whole.run(ids, from, tokens, position, output);
        sampled = output == Output.LAST ? sampler.sample(logits, 0, position + tokens) : -1;
        meter.add(StepMeter.EDGE, System.nanoTime() - begun);
        meter.sent(tokens, 0, 0);
    }

    @Override
    public void sendSampled(CodecLevel quality, int id, int before, int position, StepMeter meter) {
        next[0] = id;
        send(next, 0, 1, position, StepSample.LAST, meter);
    }

    @Override
    public void receive(StepResult answer, StepMeter meter) {
        answer.set(sampled, StepFinish.RUNNING);
    }

    @Override
    public void cancel() {
        // What runs here has run when it was sent.
    }

    @Override
    public void abandon() {
        // A segment truncates itself by the position of its next step.
    }

    @Override
    public LinkRule links() {
        return links;
    }

    @Override
    public Traffic traffic() {
        return Traffic.NONE;
    }

    @Override
    public long socketBytes() {
        return 0;
    }

    @Override
    public SegmentMemory memory() {
        return whole.wholeFootprint();
    }

    @Override
    public void close() {
        // The segment belongs to the caller.
    }
}
