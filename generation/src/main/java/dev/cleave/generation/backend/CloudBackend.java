package dev.cleave.generation.backend;

import dev.cleave.codec.CodecLevel;
import dev.cleave.generation.Traffic;
import dev.cleave.generation.link.LinkRule;
import dev.cleave.model.SegmentMemory;
import dev.cleave.transport.Step;
import dev.cleave.transport.StepSample;

/** Split 0: token ids go to the cloud, and the device keeps nothing but the tokenizer. */
final class CloudBackend implements Backend {
    private final WorkerConnection connection;
    private final LinkRule links;
    private final int[] next = new int[1];

    CloudBackend(DeviceModel model, WorkerConnection connection) {
        this.connection = connection;
        links = model.config().link()::decode;
    }

    @Override
    public int begin(int keep) {
        return connection.ensureOpen() ? 0 : keep;
    }

    @Override
    public int stepTokens() {
        return connection.session().limits().maxTokensPerStep();
    }

    @Override
    public int window() {
        return connection.session().limits().window();
    }

    @Override
    public void send(int[] ids, int from, int tokens, int position, StepSample sample, StepMeter meter) {
        connection.session().send(Step.ids(position, ids, from, tokens, sample));
        meter.sent(tokens, 0, 0);
    }

    @Override
    public void sendSampled(CodecLevel quality, int id, int before, int position, StepMeter meter) {
        next[0] = id;
        send(next, 0, 1, position, StepSample.LAST, meter);
    }

    @Override
    public void receive(StepResult sampled, StepMeter meter) {
        connection.receive(sampled, meter);
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
    public LinkRule links() {
        return links;
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
        return new SegmentMemory(0, 0, 0);
    }

    @Override
    public void close() {
        connection.close();
    }
}
