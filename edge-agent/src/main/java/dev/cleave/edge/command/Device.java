package dev.cleave.edge.command;

import dev.cleave.edge.CliException;
import dev.cleave.edge.ExitCode;
import dev.cleave.edge.report.MemoryPrediction;
import dev.cleave.engine.onnx.OnnxEngineOptions;
import dev.cleave.engine.onnx.OnnxSegmentEngine;
import dev.cleave.generation.Conversation;
import dev.cleave.generation.Cut;
import dev.cleave.generation.DeviceModel;
import dev.cleave.generation.Generator;
import dev.cleave.generation.PromptEncoder;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.bundle.BundleFile;
import dev.cleave.model.sampling.SamplingOptions;
import dev.cleave.model.tokenizer.Tokenizer;
import dev.cleave.optimizer.plan.Plan;
import dev.cleave.transport.BrokerOptions;
import dev.cleave.transport.device.DeviceLink;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Everything of the device's side that is open, closed in the reverse order. */
final class Device implements AutoCloseable {
    private static final int MAX_THREADS = 1024;

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final DeviceModel model;
    private final MemoryPrediction prediction;
    private final Optional<Plan> plan;
    private Optional<Generator> generator = Optional.empty();

    private Device(DeviceModel model, MemoryPrediction prediction, Optional<Plan> plan) {
        this.model = model;
        this.prediction = prediction;
        this.plan = plan;
    }

    /** Opens the device's share of a model. */
    static Device open(Bundle bundle, ModelOptions options, Division division) {
        Cut cut = division.cut();
        int context = division.context();
        bundle.verify(needed(bundle, cut));
        MemoryPrediction prediction = MemoryPrediction.of(bundle, cut, context);
        SegmentEngine engine = cut.split() == 0 ? null : engine(options);
        try {
            Tokenizer tokenizer = Tokenizer.of(bundle.tokenizerJson());
            DeviceModel model = DeviceModel.open(bundle, tokenizer, engine, cut, context);
            Device device = new Device(model, prediction, division.plan());
            if (engine != null) {
                device.open.push(engine);
            }
            device.open.push(model);
            return device;
        } catch (RuntimeException e) {
            if (engine != null) {
                engine.close();
            }
            throw e;
        }
    }

    /** Returns the files that the device reads: a changed weight would show in nothing but a wrong answer. */
    private static List<BundleFile> needed(Bundle bundle, Cut cut) {
        return bundle.files().stream()
                .filter(file -> file.bits() == 0 && !file.role().equals(Bundle.CALIBRATION)
                        || file.bits() == cut.frontBits() && file.layer() < cut.split())
                .toList();
    }

    /** Makes ready to generate; connects to the broker where the cloud has a share. */
    void connect(Supplier<BrokerOptions> broker, LinkOptions link, SamplingOptions sampling) {
        Generator created;
        if (model.cut().needsCloud(model.bundle())) {
            String name = link.deviceName();
            DeviceLink connection = DeviceLink.connect(broker.get(), name, link.timeouts());
            open.push(connection);
            created = Generator.overLink(model, connection, name, sampling);
        } else {
            created = Generator.onDevice(model, sampling);
        }
        open.push(created);
        generator = Optional.of(created);
    }

    /** Returns a new conversation. */
    Conversation conversation(PromptEncoder encoder, Optional<String> system) {
        return new Conversation(generator.orElseThrow(), encoder, system);
    }

    DeviceModel model() {
        return model;
    }

    MemoryPrediction prediction() {
        return prediction;
    }

    Optional<Plan> plan() {
        return plan;
    }

    private static SegmentEngine engine(ModelOptions options) {
        if (options.threads < 1 || options.threads > MAX_THREADS) {
            throw new CliException(ExitCode.USAGE, "--threads " + options.threads + " is outside 1.." + MAX_THREADS);
        }
        return new OnnxSegmentEngine(OnnxEngineOptions.DEFAULT.withThreads(options.threads));
    }

    @Override
    public void close() {
        RuntimeException failure = null;
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (RuntimeException e) {
                failure = e;
            } catch (Exception e) {
                failure = new IllegalStateException(e);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
