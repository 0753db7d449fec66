package dev.cleave.generation.backend;

import dev.cleave.codec.CodecLevel;
import dev.cleave.generation.LatencyTarget;
import dev.cleave.generation.SplitConfig;
import dev.cleave.generation.link.SessionNames;
import dev.cleave.generation.link.TunedLinks;
import dev.cleave.model.Mode;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.SegmentSpec;
import dev.cleave.model.Sequence;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.bundle.BundleFile;
import dev.cleave.model.sampling.SamplingOptions;
import dev.cleave.model.tokenizer.Tokenizer;
import dev.cleave.transport.SessionRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What a device holds of a model: the tokenizer, and the front segment unless everything runs in the cloud.
 *
 * @param bundle it comes from
 * @param tokenizer of the bundle
 * @param config how the model is divided
 * @param maxLength tokens that the KV caches hold, prompt and answer together
 * @param front segment of layers 0..split-1, and with norm and head at split L; empty at split 0
 * @param target what a token may take, where something is promised
 */
public record DeviceModel(
        Bundle bundle,
        Tokenizer tokenizer,
        SplitConfig config,
        int maxLength,
        Optional<Sequence> front,
        Optional<LatencyTarget> target)
        implements AutoCloseable {

    /**
     * Opens the device's share of a model.
     *
     * @param maxLength tokens, 1..the model's context
     * @throws dev.cleave.model.ModelException for a split or length that the bundle cannot serve, or files that are damaged
     */
    public static DeviceModel open(
            Bundle bundle, Tokenizer tokenizer, SegmentEngine engine, SplitConfig config, int maxLength) {
        return open(bundle, tokenizer, engine, config, maxLength, Optional.empty());
    }

    /**
     * As the other, with a promise.
     *
     * @param target what a token may take, where something is promised
     */
    public static DeviceModel open(
            Bundle bundle,
            Tokenizer tokenizer,
            SegmentEngine engine,
            SplitConfig config,
            int maxLength,
            Optional<LatencyTarget> target) {
        config.check(bundle);
        // Activations cross only where both ends have layers; elsewhere a calibration is not needed.
        boolean crosses = config.split() > 0 && config.needsCloud(bundle);
        UnaryOperator<CodecLevel> tune = crosses ? TunedLinks.at(bundle, config.split()) : UnaryOperator.identity();
        SplitConfig tuned = crosses ? config.with(config.link().map(tune)) : config;
        List<CodecLevel> ladder = new ArrayList<>();
        if (crosses && target.isPresent()) {
            target.get().ladder().forEach(quality -> ladder.add(tune.apply(quality)));
        }
        Optional<Sequence> front = Optional.empty();
        if (config.split() > 0) {
            SegmentSpec spec = new SegmentSpec(0, config.split(), config.frontBits(), config.mode());
            front = Optional.of(engine.begin(bundle, spec, maxLength, config.kv()));
        }
        return new DeviceModel(
                bundle, tokenizer, tuned, maxLength, front, target.map(targeted -> targeted.with(ladder)));
    }

    /** Returns whether the id ends a text. */
    public boolean isStop(int id) {
        return bundle.stopIds().contains(id);
    }

    /** Returns the opening of a new session. */
    public SessionRequest request(String device, SamplingOptions sampling) {
        return new SessionRequest(
                device,
                SessionNames.next(),
                1,
                bundle.modelHash(),
                new SessionRequest.Shape(
                        config.split(),
                        config.frontBits(),
                        config.backBits(),
                        config.mode() == Mode.EXACT,
                        config.link().prompt().name(),
                        maxLength,
                        calibrationHash()),
                new SessionRequest.SamplingRequest(
                        sampling.temperature(), sampling.topK(), sampling.topP(), sampling.seed()),
                bundle.stopIds());
    }

    /** Both ends must have the same one, to the byte. */
    private String calibrationHash() {
        boolean needed = config.link().needsCalibration()
                || target.isPresent() && target.get().needsCalibration();
        return needed
                ? bundle.calibrationFile(config.split()).map(BundleFile::sha256).orElse("")
                : "";
    }

    /** Frees the front segment. */
    @Override
    public void close() {
        if (front.isPresent()) {
            front.get().close();
        }
    }
}
