package dev.cleave.quality.evaluation;

import dev.cleave.generation.Cancellation;
import dev.cleave.generation.FinishReason;
import dev.cleave.generation.GenerationResult;
import dev.cleave.generation.SplitConfig;
import dev.cleave.generation.backend.DeviceModel;
import dev.cleave.generation.loop.Generator;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.sampling.SamplingOptions;
import dev.cleave.model.tokenizer.Tokenizer;
import dev.cleave.transport.device.DeviceLink;
import java.util.List;

/** Answers through a broker: the front segment is here, and a worker has the back. */
public final class BrokerAnswers implements Answerer, AutoCloseable {
    private final DeviceModel model;
    private final Generator generator;
    private final int maxTokens;

    private BrokerAnswers(DeviceModel model, Generator generator, int maxTokens) {
        this.model = model;
        this.generator = generator;
        this.maxTokens = maxTokens;
    }

    /**
     * Opens the front segment, and a session with the first answer.
     *
     * @param link stays the caller's
     * @param device name that the link has connected under
     */
    public static BrokerAnswers open(
            SegmentEngine engine,
            Bundle bundle,
            Tokenizer tokenizer,
            SplitConfig config,
            DeviceLink link,
            String device,
            int maxTokens) {
        DeviceModel model = DeviceModel.open(
                bundle, tokenizer, engine, config, bundle.architecture().context());
        return new BrokerAnswers(model, Generator.overLink(model, link, device, SamplingOptions.GREEDY), maxTokens);
    }

    @Override
    public String link() {
        return model.config().link().label();
    }

    @Override
    public List<Integer> answer(int[] prompt) {
        GenerationResult result = generator.generate(prompt, maxTokens, piece -> {}, new Cancellation());
        List<Integer> ids = result.tokenIds();
        return result.finishReason() == FinishReason.STOP ? ids.subList(0, ids.size() - 1) : ids;
    }

    @Override
    public void close() {
        generator.close();
        model.close();
    }
}
