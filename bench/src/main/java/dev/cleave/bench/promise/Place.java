package dev.cleave.bench.promise;

import dev.cleave.bench.emulation.SlowedEngine;
import dev.cleave.codec.CodecLevel;
import dev.cleave.edge.config.CleaveHome;
import dev.cleave.edge.process.Interrupts;
import dev.cleave.edge.profile.DeviceMeasurement;
import dev.cleave.generation.Cancellation;
import dev.cleave.generation.GenerationResult;
import dev.cleave.generation.LatencyTarget;
import dev.cleave.generation.SplitConfig;
import dev.cleave.generation.TextListener;
import dev.cleave.generation.backend.DeviceModel;
import dev.cleave.generation.link.LinkProbe;
import dev.cleave.generation.loop.Generator;
import dev.cleave.model.EngineOptions;
import dev.cleave.model.EngineProvider;
import dev.cleave.model.Mode;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.sampling.SamplingOptions;
import dev.cleave.model.tokenizer.Tokenizer;
import dev.cleave.optimizer.file.ComputeFile;
import dev.cleave.optimizer.measure.Effort;
import dev.cleave.optimizer.profile.ComputeProfile;
import dev.cleave.optimizer.profile.LinkProfile;
import dev.cleave.optimizer.profile.Provenance;
import dev.cleave.transport.BrokerOptions;
import dev.cleave.transport.Timeouts;
import dev.cleave.transport.device.DeviceLink;
import dev.cleave.transport.emulation.LinkShape;
import dev.cleave.transport.emulation.ShapedProxy;
import dev.cleave.workbench.cloud.CloudProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A cloud service in a process of its own, busy or not, and a device here whose link and slowness are emulated. */
final class Place implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Timeouts TIMEOUTS =
            new Timeouts(Duration.ofSeconds(30), PATIENCE, PATIENCE, Duration.ofSeconds(5), Duration.ofSeconds(30));
    private static final String DEVICE = "bench";
    private static final int WARM_UPS = 4;
    private static final int WARM_UP_TOKENS = 120;

    private final Bundle bundle;
    private final AutoCloseable cloud;
    private final ShapedProxy proxy;
    private final SegmentEngine engine;
    private final Tokenizer tokenizer;

    private Place(Bundle bundle, AutoCloseable cloud, URI broker) throws IOException {
        this.bundle = bundle;
        this.cloud = cloud;
        tokenizer = Tokenizer.of(bundle.tokenizerJson());
        proxy = ShapedProxy.start(broker, LinkShape.NONE, 1);
        engine = EngineProvider.find().create(EngineOptions.DEFAULT.withKeepWeights(true));
    }

    /**
     * Starts the service.
     *
     * @param root of the repository
     */
    static Place idle(Bundle bundle, Path root) throws InterruptedException, IOException {
        CloudProcess cloud = CloudProcess.start(
                new CleaveHome(bundle.folder().resolveSibling("promise-home"), Optional.of(root)),
                List.of(
                        "-Dcleave.bundle=" + bundle.folder().toAbsolutePath(),
                        "-Dquarkus.http.port=0",
                        "-Dcleave.broker.port=0",
                        "-Dcleave.worker.profile=true",
                        "-Dcleave.verify-bundle=false"),
                Map.of(),
                Interrupts.none());
        return new Place(bundle, cloud, URI.create(cloud.awaitReady(Duration.ofMinutes(2))));
    }

    /** Starts a cloud that c sessions share; alone, the service itself. */
    static Place of(Bundle bundle, Path root, double load) throws InterruptedException, IOException {
        return load == 1 ? idle(bundle, root) : busy(bundle, load);
    }

    /** Returns what a worker measures of itself that nobody else uses: a service that is started for it. */
    static ComputeProfile idleProfile(Bundle bundle, Path root) throws InterruptedException, IOException {
        try (Place idle = idle(bundle, root)) {
            return idle.cloudProfile();
        }
    }

    private static Place busy(Bundle bundle, double load) throws IOException {
        BusyCloud cloud = BusyCloud.start(bundle.folder(), load);
        return new Place(bundle, cloud, cloud.broker());
    }

    /** Returns what the worker has measured of itself. */
    ComputeProfile cloudProfile() {
        try (DeviceLink link = connect()) {
            Map<String, byte[]> profiles = link.profiles(bundle.modelHash(), PATIENCE);
            return ComputeFile.read(profiles.values().iterator().next(), "the worker's profile");
        }
    }

    /** Lets the compilers of both ends finish: a device and a cloud that have served for a while are what is emulated. */
    void warmUp(SplitConfig config) {
        Text text = new Text("Once upon a time", WARM_UP_TOKENS, 2 * WARM_UP_TOKENS);
        for (int i = 0; i < WARM_UPS; i++) {
            run(new Emulated(0, 0, 1), config, text, Double.POSITIVE_INFINITY);
        }
    }

    void shape(Emulated emulated) {
        proxy.setLink(LinkShape.of(emulated.megabits(), emulated.roundTripMillis()));
    }

    /** Returns the emulated link, measured as a device measures it. */
    LinkProfile linkProfile(int pairs) {
        try (DeviceLink link = connect()) {
            return LinkProbe.measure(link, DEVICE, bundle, pairs, Duration.ofSeconds(20));
        }
    }

    private DeviceLink connect() {
        return DeviceLink.connect(new BrokerOptions(proxy.uri(), Optional.empty(), Optional.empty()), DEVICE, TIMEOUTS);
    }

    SegmentEngine engine() {
        return engine;
    }

    Tokenizer tokenizer() {
        return tokenizer;
    }

    ShapedProxy proxy() {
        return proxy;
    }

    /** Returns this machine's profile, as {@code profile} measures it. */
    ComputeProfile deviceProfile() throws InterruptedException {
        return DeviceMeasurement.of(
                        engine,
                        bundle,
                        bundle.widths(),
                        Mode.FAST,
                        Effort.USUAL,
                        new Provenance(bundle.modelHash(), "bench", "", Map.of()),
                        (done, total, what) -> {})
                .profile();
    }

    /** What is run. */
    record Text(String prompt, int tokens, int context) {}

    /**
     * Generates a text once to warm up and once to be measured.
     *
     * @param deadlineMillis tokens over it are counted
     */
    GenerationResult run(Emulated emulated, SplitConfig config, Text text, double deadlineMillis) {
        return run(emulated, config, text, LatencyTarget.watched(deadlineMillis), TextListener.NONE);
    }

    /** As the other, with whatever may be given up for the deadline, shown while it grows. */
    GenerationResult run(
            Emulated emulated, SplitConfig config, Text text, LatencyTarget promise, TextListener listener) {
        int[] prompt = prompt(text);
        try (DeviceModel model = DeviceModel.open(
                        bundle,
                        tokenizer,
                        new SlowedEngine(engine, emulated.slowness()),
                        config,
                        text.context(),
                        Optional.of(promise));
                DeviceLink link = connect();
                Generator generator = config.needsCloud(bundle)
                        ? Generator.overLink(model, link, DEVICE, SamplingOptions.GREEDY)
                        : Generator.onDevice(model, SamplingOptions.GREEDY)) {
            generator.generate(prompt, 2, TextListener.NONE, new Cancellation());
            int[] again = prompt.clone();
            // Another first token: nothing of the prompt is in the caches.
            again[0] = again[0] == 1 ? 2 : 1;
            return generator.generate(again, text.tokens(), listener, new Cancellation());
        }
    }

    /** Returns the ms a token of an answer, the first one's wait included. */
    static double answerMillis(GenerationResult result) {
        int steps = result.timings().decodeSteps();
        return (result.timings().prefill() + steps * result.timings().mean().total()) / (steps + 1);
    }

    private int[] prompt(Text text) {
        return tokenizer.encode(text.prompt(), false);
    }

    int promptTokens(Text text) {
        return prompt(text).length;
    }

    /** Returns a cut with one quality for everything. */
    static SplitConfig config(int split, int front, int back, String link) {
        return new SplitConfig(split, front, back, CodecLevel.of(link), Mode.FAST);
    }

    @Override
    public void close() {
        proxy.close();
        engine.close();
        try {
            cloud.close();
        } catch (Exception e) {
            throw new IllegalStateException("the cloud does not stop", e);
        }
    }
}
