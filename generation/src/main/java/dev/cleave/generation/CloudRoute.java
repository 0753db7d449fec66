package dev.cleave.generation;

import dev.cleave.codec.LinkQuality;
import dev.cleave.model.SegmentMemory;
import dev.cleave.transport.Step;
import dev.cleave.transport.StepSample;

/** Split 0: token ids go to the cloud, and the device keeps nothing but the tokenizer. */
final class CloudRoute implements Route {
    private final WorkerPath path;
    private final LinkRule links;
    private final int[] next = new int[1];

    CloudRoute(DeviceModel model, WorkerPath path) {
        this.path = path;
        links = model.cut().link()::decode;
    }

    @Override
    public int begin(int keep) {
        return path.ensureOpen() ? 0 : keep;
    }

    @Override
    public int stepTokens() {
        return path.session().limits().maxTokensPerStep();
    }

    @Override
    public int window() {
        return path.session().limits().window();
    }

    @Override
    public void send(int[] ids, int from, int tokens, int position, StepSample sample, StepMeter meter) {
        path.session().send(Step.ids(position, ids, from, tokens, sample));
        meter.sent(tokens, 0, 0);
    }

    @Override
    public void sendSampled(LinkQuality quality, int id, int before, int position, StepMeter meter) {
        next[0] = id;
        send(next, 0, 1, position, StepSample.LAST, meter);
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
    public LinkRule links() {
        return links;
    }

    @Override
    public Traffic traffic() {
        return path.traffic();
    }

    @Override
    public long socketBytes() {
        return path.socketBytes();
    }

    @Override
    public SegmentMemory memory() {
        return new SegmentMemory(0, 0, 0);
    }

    @Override
    public void close() {
        path.close();
    }
}
