package dev.cleave.generation;

import dev.cleave.codec.LinkQuality;
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
 * @param cut how the model is divided
 * @param maxLength tokens that the KV caches hold, prompt and answer together
 * @param front segment of layers 0..split-1, and with norm and head at split L; empty at split 0
 * @param promise what a token may take, where something is promised
 */
public record DeviceModel(
        Bundle bundle, Tokenizer tokenizer, Cut cut, int maxLength, Optional<Sequence> front, Optional<Promise> promise)
        implements AutoCloseable {

    /**
     * Opens the device's share of a model.
     *
     * @param maxLength tokens, 1..the model's context
     * @throws dev.cleave.model.ModelException for a cut or length that the bundle cannot serve, or files that are damaged
     */
    public static DeviceModel open(Bundle bundle, Tokenizer tokenizer, SegmentEngine engine, Cut cut, int maxLength) {
        return open(bundle, tokenizer, engine, cut, maxLength, Optional.empty());
    }

    /**
     * As the other, with a promise.
     *
     * @param promise what a token may take, where something is promised
     */
    public static DeviceModel open(
            Bundle bundle,
            Tokenizer tokenizer,
            SegmentEngine engine,
            Cut cut,
            int maxLength,
            Optional<Promise> promise) {
        cut.check(bundle);
        // Activations cross only where both ends have layers; elsewhere a calibration is not needed.
        boolean crosses = cut.split() > 0 && cut.needsCloud(bundle);
        UnaryOperator<LinkQuality> tune = crosses ? TunedLinks.at(bundle, cut.split()) : UnaryOperator.identity();
        Cut tuned = crosses ? cut.with(cut.link().map(tune)) : cut;
        List<LinkQuality> ladder = new ArrayList<>();
        if (crosses && promise.isPresent()) {
            promise.get().ladder().forEach(quality -> ladder.add(tune.apply(quality)));
        }
        Optional<Sequence> front = Optional.empty();
        if (cut.split() > 0) {
            SegmentSpec spec = new SegmentSpec(0, cut.split(), cut.frontBits(), cut.mode());
            front = Optional.of(engine.begin(bundle, spec, maxLength, cut.kv()));
        }
        return new DeviceModel(
                bundle, tokenizer, tuned, maxLength, front, promise.map(promised -> promised.with(ladder)));
    }

    /** Returns whether the id ends a text. */
    boolean isStop(int id) {
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
                        cut.split(),
                        cut.frontBits(),
                        cut.backBits(),
                        cut.mode() == Mode.EXACT,
                        cut.link().prompt().name(),
                        maxLength,
                        calibrationHash()),
                new SessionRequest.SamplingRequest(
                        sampling.temperature(), sampling.topK(), sampling.topP(), sampling.seed()),
                bundle.stopIds());
    }

    /** Both ends must have the same one, to the byte. */
    private String calibrationHash() {
        boolean needed = cut.link().needsCalibration()
                || promise.isPresent() && promise.get().needsCalibration();
        return needed
                ? bundle.calibrationFile(cut.split()).map(BundleFile::sha256).orElse("")
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
