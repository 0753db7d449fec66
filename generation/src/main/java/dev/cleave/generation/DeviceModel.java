package dev.cleave.generation;

import dev.cleave.model.Mode;
import dev.cleave.model.Segment;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.SegmentSpec;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.bundle.BundleFile;
import dev.cleave.model.sampling.SamplingOptions;
import dev.cleave.model.tokenizer.Tokenizer;
import dev.cleave.transport.SessionRequest;
import java.util.Optional;

/**
 * What a device holds of a model: the tokenizer, and the front segment unless everything runs in the cloud.
 *
 * @param bundle it comes from
 * @param tokenizer of the bundle
 * @param cut how the model is divided
 * @param maxLength tokens that the KV caches hold, prompt and answer together
 * @param front segment of layers 0..split-1, and with norm and head at split L; empty at split 0
 */
public record DeviceModel(Bundle bundle, Tokenizer tokenizer, Cut cut, int maxLength, Optional<Segment> front)
        implements AutoCloseable {

    /**
     * Opens the device's share of a model.
     *
     * @param maxLength tokens, 1..the model's context
     * @throws dev.cleave.model.ModelException for a cut or length that the bundle cannot serve, or files that are damaged
     */
    public static DeviceModel open(Bundle bundle, Tokenizer tokenizer, SegmentEngine engine, Cut cut, int maxLength) {
        cut.check(bundle);
        Cut tuned = tuned(bundle, cut);
        Optional<Segment> front = Optional.empty();
        if (cut.split() > 0) {
            SegmentSpec spec = new SegmentSpec(0, cut.split(), cut.frontBits(), maxLength, cut.mode(), cut.kv());
            front = Optional.of(engine.open(bundle, spec));
        }
        return new DeviceModel(bundle, tokenizer, tuned, maxLength, front);
    }

    /** Returns whether the id ends a text. */
    boolean isStop(int id) {
        return bundle.stopIds().contains(id);
    }

    /** Returns the opening of a new session. */
    SessionRequest request(String device, SamplingOptions sampling) {
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

    /** Activations cross only where both ends have layers; elsewhere a calibration is not needed. */
    private static Cut tuned(Bundle bundle, Cut cut) {
        if (cut.split() == 0 || !cut.needsCloud(bundle)) {
            return cut;
        }
        LinkPlan link = cut.link().map(TunedLinks.at(bundle, cut.split()));
        return new Cut(cut.split(), cut.frontBits(), cut.backBits(), link, cut.mode(), cut.kv());
    }

    /** Both ends must have the same one, to the byte. */
    private String calibrationHash() {
        return cut.link().needsCalibration()
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
