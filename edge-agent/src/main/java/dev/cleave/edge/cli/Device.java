package dev.cleave.edge.cli;

import dev.cleave.edge.report.MemoryPrediction;
import dev.cleave.generation.LatencyTarget;
import dev.cleave.generation.SplitConfig;
import dev.cleave.generation.backend.DeviceModel;
import dev.cleave.generation.backend.OfflineFallback;
import dev.cleave.generation.loop.Conversation;
import dev.cleave.generation.loop.Generator;
import dev.cleave.generation.loop.PromptEncoder;
import dev.cleave.model.EngineOptions;
import dev.cleave.model.EngineProvider;
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
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** Everything of the device's side that is open, closed in the reverse order. */
public final class Device implements AutoCloseable {
    private static final double MIB = 1 << 20;

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Context context;
    private final RunArguments arguments;
    private final Bundle bundle;
    private final Tokenizer tokenizer;
    private final ChosenSplit chosen;
    private final Optional<LatencyTarget> budget;
    private DeviceModel model;
    private MemoryPrediction prediction;
    private SegmentEngine engine;
    private Optional<Generator> generator = Optional.empty();

    private Device(Context context, Bundle bundle, RunArguments arguments, ChosenSplit chosen) {
        this.context = context;
        this.bundle = bundle;
        this.arguments = arguments;
        this.chosen = chosen;
        this.tokenizer = Tokenizer.of(bundle.tokenizerJson());
        this.budget = arguments.adapt.budget(bundle, chosen, arguments.budget, arguments.model.quality);
    }

    /** Opens the device's share of a model. */
    public static Device open(Context context, Bundle bundle, RunArguments arguments, ChosenSplit chosen) {
        Device device = new Device(context, bundle, arguments, chosen);
        try {
            device.model = device.open(chosen.config(), device.budget);
            device.open.push(device.model);
            return device;
        } catch (RuntimeException e) {
            device.close();
            throw e;
        }
    }

    private DeviceModel open(SplitConfig config, Optional<LatencyTarget> promised) {
        bundle.verify(needed(config));
        SplitConfig counted = promised.isPresent() ? promised.get().counted(config) : config;
        boolean alone = chosen.config().needsCloud(bundle) && !config.needsCloud(bundle);
        prediction = alone
                ? MemoryPrediction.afterASession(bundle, config, chosen.context())
                : MemoryPrediction.of(bundle, counted, chosen.context());
        if (config.split() > 0 && engine == null) {
            engine = engine(arguments.model);
            // The last to be closed.
            open.addLast(engine);
        }
        return DeviceModel.open(bundle, tokenizer, engine, config, chosen.context(), promised);
    }

    /** Returns the files that the device reads: a changed weight would show in nothing but a wrong answer. */
    private List<BundleFile> needed(SplitConfig config) {
        return bundle.files().stream().filter(file -> isNeeded(file, config)).toList();
    }

    private boolean isNeeded(BundleFile file, SplitConfig config) {
        boolean whole = config.split() == bundle.architecture().layers();
        return switch (file.role()) {
            case "layer" -> file.bits() == config.frontBits() && file.layer() < config.split();
            case "embedding" -> file.bits() == config.frontBits() && config.split() > 0;
            case "norm" -> whole;
            case "head" -> file.bits() == config.frontBits() && whole;
            case Bundle.CALIBRATION -> false;
            case Bundle.TOKENIZER -> true;
            // The others are told when they are asked for.
            default -> file.bits() == 0 && bundle.isThere(file);
        };
    }

    /** Makes ready to generate; connects to the broker where the cloud has a share. */
    public void connect(Supplier<BrokerOptions> broker, SamplingOptions sampling) {
        Generator created;
        if (chosen.config().needsCloud(bundle)) {
            LinkOptions link = arguments.link;
            String name = link.deviceName(context.home());
            boolean offline = arguments.adapt.offline();
            // Where it may do without, it is not known to be out of reach before somebody asks.
            DeviceLink connection = offline
                    ? DeviceLink.whenOpened(broker.get(), name, link.timeouts())
                    : DeviceLink.connect(broker.get(), name, link.timeouts());
            open.push(connection);
            created = Generator.overLink(
                    model, connection, name, sampling, offline ? Optional.of(new Alone()) : Optional.empty());
        } else {
            created = Generator.onDevice(model, sampling);
        }
        open.push(created);
        generator = Optional.of(created);
    }

    /** The whole model on this device, while the cloud is out of reach. */
    private final class Alone implements OfflineFallback {
        @Override
        public Optional<Supplier<DeviceModel>> alone(String reason) {
            Long limit = arguments.budget.memory;
            for (int bits : bundle.widths()) {
                SplitConfig config = chosen.config().alone(bundle, bits);
                long needed = MemoryPrediction.afterASession(bundle, config, chosen.context())
                        .total();
                if (limit == null || needed <= limit) {
                    return Optional.of(() -> open(config, budget));
                }
                context.err()
                        .println(String.format(
                                Locale.ROOT,
                                "cleave: cannot go on alone: the whole model at %d bits needs %.1f MiB, and --memory allows"
                                        + " %.1f",
                                bits,
                                needed / MIB,
                                limit / MIB));
            }
            return Optional.empty();
        }

        @Override
        public DeviceModel divided() {
            return open(chosen.config(), budget);
        }
    }

    /** Returns a new conversation. */
    public Conversation conversation(PromptEncoder encoder, Optional<String> system) {
        return new Conversation(generator.orElseThrow(), encoder, system);
    }

    public Bundle bundle() {
        return bundle;
    }

    public Tokenizer tokenizer() {
        return tokenizer;
    }

    /** Returns the prediction for what is open now. */
    public MemoryPrediction prediction() {
        return prediction;
    }

    public Optional<Plan> plan() {
        return chosen.plan();
    }

    private static SegmentEngine engine(ModelOptions options) {
        int threads = ModelOptions.checkedThreads(options.threads);
        return EngineProvider.find().create(EngineOptions.DEFAULT.withThreads(threads));
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
