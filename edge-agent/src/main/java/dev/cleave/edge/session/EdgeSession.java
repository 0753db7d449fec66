package dev.cleave.edge.session;

import dev.cleave.edge.report.MemoryPrediction;
import dev.cleave.generation.Cancellation;
import dev.cleave.generation.GenerationResult;
import dev.cleave.generation.SplitConfig;
import dev.cleave.generation.TextListener;
import dev.cleave.generation.backend.DeviceModel;
import dev.cleave.generation.backend.OfflineFallback;
import dev.cleave.generation.loop.Conversation;
import dev.cleave.generation.loop.Generator;
import dev.cleave.model.ChatMessage;
import dev.cleave.model.EngineProvider;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.bundle.BundleFile;
import dev.cleave.model.tokenizer.Tokenizer;
import dev.cleave.transport.device.DeviceLink;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A model on this device, ready to answer: its share of the layers is open, and it is connected to the broker where a worker has
 * the others. One text is generated at a time; KV caches stay from one to the next, so that a conversation's turns compute only
 * what is new. Made for one thread.
 */
public final class EdgeSession implements AutoCloseable {
    private static final double MIB = 1 << 20;

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final EdgeConfig config;
    private final Bundle bundle;
    private final Tokenizer tokenizer;
    private final Prompts.Choice prompts;
    private MemoryPrediction prediction;
    private SegmentEngine engine;
    private Generator generator;

    private EdgeSession(EdgeConfig config) {
        this.config = config;
        this.bundle = config.bundle();
        this.tokenizer = Tokenizer.of(bundle.tokenizerJson());
        this.prompts = Prompts.choose(bundle, tokenizer, config.raw());
    }

    /**
     * Opens the device's share of the model, checked against its sha256, then connects to the broker. The session with the worker
     * is opened by the first generation.
     *
     * @throws dev.cleave.model.ModelException for files that are damaged, and a length that the model does not have
     * @throws dev.cleave.transport.TransportException where the broker cannot be reached, and nothing is to be done without it
     * @throws InterruptedException where the wait for the broker was interrupted
     */
    public static EdgeSession open(EdgeConfig config) throws InterruptedException {
        EdgeSession session = new EdgeSession(config);
        boolean done = false;
        try {
            DeviceModel model = session.openModel(config.split());
            session.open.push(model);
            session.generator = session.connect(model);
            session.open.push(session.generator);
            done = true;
            return session;
        } finally {
            if (!done) {
                session.close();
            }
        }
    }

    private DeviceModel openModel(SplitConfig split) {
        bundle.verify(needed(split));
        boolean alone = config.split().needsCloud(bundle) && !split.needsCloud(bundle);
        prediction = alone
                ? MemoryPrediction.afterASession(bundle, split, config.context())
                : MemoryPrediction.of(
                        bundle,
                        config.target().map(target -> target.counted(split)).orElse(split),
                        config.context());
        if (split.split() > 0 && engine == null) {
            engine = EngineProvider.find().create(config.engine());
            // The last to be closed.
            open.addLast(engine);
        }
        return DeviceModel.open(bundle, tokenizer, engine, split, config.context(), config.target());
    }

    /** Returns the files that the device reads: a changed weight would show in nothing but a wrong answer. */
    private List<BundleFile> needed(SplitConfig split) {
        return bundle.files().stream().filter(file -> isNeeded(file, split)).toList();
    }

    private boolean isNeeded(BundleFile file, SplitConfig split) {
        boolean whole = split.split() == bundle.architecture().layers();
        return switch (file.role()) {
            case "layer" -> file.bits() == split.frontBits() && file.layer() < split.split();
            case "embedding" -> file.bits() == split.frontBits() && split.split() > 0;
            case "norm" -> whole;
            case "head" -> file.bits() == split.frontBits() && whole;
            case Bundle.CALIBRATION -> false;
            case Bundle.TOKENIZER -> true;
            // The others are told when they are asked for.
            default -> file.bits() == 0 && bundle.isThere(file);
        };
    }

    private Generator connect(DeviceModel model) throws InterruptedException {
        if (!config.split().needsCloud(bundle)) {
            return Generator.onDevice(model, config.sampling());
        }
        WorkerAccess worker = config.worker().orElseThrow();
        // Where it may do without, it is not known to be out of reach before somebody asks.
        DeviceLink link = worker.offline().isPresent()
                ? DeviceLink.whenOpened(worker.broker().get(), worker.device(), worker.timeouts())
                : DeviceLink.connect(worker.broker().get(), worker.device(), worker.timeouts());
        open.push(link);
        return Generator.overLink(
                model,
                link,
                worker.device(),
                config.sampling(),
                worker.offline().map(Alone::new));
    }

    /** The whole model on this device, while the cloud is out of reach. */
    private final class Alone implements OfflineFallback {
        private final WorkerAccess.Offline rule;

        Alone(WorkerAccess.Offline rule) {
            this.rule = rule;
        }

        @Override
        public Optional<Supplier<DeviceModel>> alone(String reason) {
            for (int bits : bundle.widths()) {
                SplitConfig whole = config.split().alone(bundle, bits);
                long needed = MemoryPrediction.afterASession(bundle, whole, config.context())
                        .total();
                if (needed <= rule.memoryBytes()) {
                    return Optional.of(() -> openModel(whole));
                }
                rule.refused()
                        .accept(String.format(
                                Locale.ROOT,
                                "cannot go on alone: the whole model at %d bits needs %.1f MiB, and --memory allows %.1f",
                                bits,
                                needed / MIB,
                                rule.memoryBytes() / MIB));
            }
            return Optional.empty();
        }

        @Override
        public DeviceModel divided() {
            return openModel(config.split());
        }
    }

    /**
     * Answers a conversation.
     *
     * @param messages oldest first, at least one
     * @param maxTokens of the answer, at least 1
     * @param listener is shown the text while it grows
     * @throws dev.cleave.generation.PromptTooLongException where the context leaves no room for an answer
     * @throws dev.cleave.generation.GenerationException where link, worker, broker or engine fail; it holds what was shown
     */
    public GenerationResult generate(
            List<ChatMessage> messages, int maxTokens, TextListener listener, Cancellation cancellation) {
        return generator.generate(prompts.encoder().encode(messages), maxTokens, listener, cancellation);
    }

    /** As the other, of one message of the user. */
    public GenerationResult generate(String prompt, int maxTokens, TextListener listener, Cancellation cancellation) {
        return generate(List.of(new ChatMessage("user", prompt)), maxTokens, listener, cancellation);
    }

    /**
     * Returns a new conversation, which keeps its own messages.
     *
     * @param system message that stands before all others, where the template knows that role
     */
    public Conversation conversation(Optional<String> system) {
        return new Conversation(generator, prompts.encoder(), system);
    }

    /** Returns what the user should know of how prompts are made. */
    public Optional<String> promptNote() {
        return prompts.note();
    }

    /** Returns the model. */
    public Bundle bundle() {
        return bundle;
    }

    /** Returns the prediction of the process's memory for what is open now. */
    public MemoryPrediction prediction() {
        return prediction;
    }

    /** Ends the session with the worker, leaves the broker and frees the weights. */
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
