package dev.cleave.cloud;

import dev.cleave.cloud.broker.EmbeddedBroker;
import dev.cleave.cloud.process.ExitCode;
import dev.cleave.cloud.process.ReadyFile;
import dev.cleave.cloud.process.StartFailure;
import dev.cleave.cloud.process.StopRequest;
import dev.cleave.cloud.profile.WorkerProfile;
import dev.cleave.cloud.settings.SettingRules;
import dev.cleave.cloud.worker.WorkerNames;
import dev.cleave.cloud.worker.WorkerService;
import dev.cleave.cloud.worker.WorkerSettings;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.transport.BrokerOptions;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.vertx.http.HttpServer;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.logging.Logger;

/** Everything that runs, in the order in which it starts: broker, worker, ready file. It stops in the reverse. */
@ApplicationScoped
public class CloudService {
    private static final Logger LOG = Logger.getLogger(CloudService.class);

    /** A run of the profiler cannot be broken off. */
    private static final Duration STOP_PROFILE = Duration.ofSeconds(10);

    private final CloudConfig config;
    private final HttpServer http;

    private final MeterRegistry registry;

    private Optional<EmbeddedBroker> embedded = Optional.empty();
    private volatile Optional<WorkerService> worker = Optional.empty();
    private volatile Optional<WorkerProfile> profile = Optional.empty();
    private volatile boolean started;
    private Optional<ReadyFile> readyFile = Optional.empty();

    @Inject
    CloudService(CloudConfig config, HttpServer http, MeterRegistry registry) {
        this.config = config;
        this.http = http;
        this.registry = registry;
    }

    /**
     * Starts all.
     *
     * @param stop leaves off early where it is requested meanwhile
     * @throws StartFailure in the user's words; {@link #stop()} then frees what has started
     */
    public synchronized void start(StopRequest stop) {
        // What can be wrong with the settings is said before anything runs.
        SettingRules.problem(values(ConfigProvider.getConfig())).ifPresent(problem -> {
            throw new StartFailure(ExitCode.SETTINGS, problem);
        });
        Bundle bundle = bundle();
        WorkerSettings settings = settings(bundle);
        URI broker = startBroker();
        if (stop.requested()) {
            return;
        }
        WorkerService running =
                WorkerService.start(bundle, settings, config.worker().engineThreads(), brokerOptions(broker), registry);
        worker = Optional.of(running);
        if (stop.requested()) {
            return;
        }
        config.readyFile().ifPresent(path -> {
            ReadyFile file = new ReadyFile(path);
            file.write(new ReadyFile.Contents(
                    broker.toString(), http.getPort(), ProcessHandle.current().pid(), running.name()));
            readyFile = Optional.of(file);
        });
        if (config.worker().profile()) {
            profile = Optional.of(WorkerProfile.start(
                    bundle,
                    running,
                    config.worker().engineThreads(),
                    config.worker().profileFile()));
        }
        started = true;
        LOG.infof("Ready: sessions over %s, health and metrics at http://127.0.0.1:%d/q/", broker, http.getPort());
    }

    private Bundle bundle() {
        Path folder = config.bundle()
                .orElseThrow(
                        () -> new StartFailure(
                                ExitCode.SETTINGS,
                                "cleave.bundle is not set: it names the folder of a prepared model, which ./cleave prepare makes"));
        return WorkerService.bundle(folder, config.verifyBundle());
    }

    private WorkerSettings settings(Bundle bundle) {
        CloudConfig.Worker asked = config.worker();
        return new WorkerSettings(
                WorkerNames.of(asked.name(), Optional.ofNullable(System.getenv("CLEAVE_HOME"))),
                asked.maxSessions(),
                asked.kvMemory().asLongValue(),
                maxLength(bundle.architecture().context()),
                asked.threads().orElse(Math.min(256, Runtime.getRuntime().availableProcessors())),
                asked.idleTimeout());
    }

    private int maxLength(int context) {
        int length = config.worker().maxLength().orElse(context);
        if (length > context) {
            throw new StartFailure(
                    ExitCode.SETTINGS,
                    "cleave.worker.max-length=" + length + " cannot be used: a whole number, 1.." + context
                            + ", the model's context");
        }
        return length;
    }

    /** Returns each setting as its user wrote it. */
    static Function<String, Optional<String>> values(Config config) {
        return name -> Optional.ofNullable(config.getConfigValue(name).getValue());
    }

    private static BrokerOptions.Security security(CloudConfig.Broker broker) {
        if (broker.key().isPresent() && broker.certificate().isEmpty()) {
            throw new StartFailure(
                    ExitCode.SETTINGS,
                    "cleave.broker.key needs cleave.broker.certificate, the certificate that it belongs to");
        }
        return new BrokerOptions.Security(broker.trust(), broker.certificate(), broker.key(), broker.plainPassword());
    }

    private BrokerOptions brokerOptions(URI broker) {
        return new BrokerOptions(
                broker,
                config.broker().user(),
                config.broker().password().map(String::toCharArray),
                security(config.broker()));
    }

    /** Returns the worker, once it runs. */
    public Optional<WorkerService> worker() {
        return worker;
    }

    /** Returns how far the worker's profile is; it is pending as long as the service is not up. */
    public WorkerProfile.State profile() {
        Optional<WorkerProfile> making = profile;
        // In this order: it may be finished in between.
        boolean pending = making.map(WorkerProfile::pending).orElse(!started);
        return new WorkerProfile.State(pending, making.flatMap(WorkerProfile::json));
    }

    private URI startBroker() {
        Optional<String> url = config.broker().url().filter(text -> !text.isBlank());
        if (url.isPresent()) {
            return brokerUri(url.get().trim());
        }
        EmbeddedBroker broker =
                EmbeddedBroker.start(config.broker().host(), config.broker().port(), login());
        embedded = Optional.of(broker);
        return broker.uri();
    }

    private static URI brokerUri(String url) {
        try {
            URI uri = URI.create(url);
            if (("tcp".equals(uri.getScheme()) || "ssl".equals(uri.getScheme()))
                    && uri.getHost() != null
                    && uri.getPort() > 0
                    && uri.getPort() <= 65535
                    && uri.getUserInfo() == null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            LOG.debug("not a URI", e);
        }
        throw new StartFailure(
                ExitCode.SETTINGS,
                "cleave.broker.url is not tcp://host:port or ssl://host:port (a login goes to cleave.broker.user and"
                        + " cleave.broker.password)");
    }

    private Optional<EmbeddedBroker.Login> login() {
        Optional<String> user = config.broker().user();
        Optional<String> password = config.broker().password();
        if (user.isPresent() != password.isPresent()) {
            throw new StartFailure(
                    ExitCode.SETTINGS,
                    "cleave.broker.user and cleave.broker.password belong together; "
                            + (user.isPresent() ? "the password" : "the user") + " is missing");
        }
        return user.map(name -> new EmbeddedBroker.Login(name, password.get()));
    }

    /** Stops all that has started; does nothing the second time. */
    @PreDestroy
    public synchronized void stop() {
        readyFile.ifPresent(ReadyFile::remove);
        readyFile = Optional.empty();
        profile.ifPresent(making -> making.stop(STOP_PROFILE));
        worker.ifPresent(running -> running.stop(config.grace()));
        worker = Optional.empty();
        embedded.ifPresent(EmbeddedBroker::close);
        embedded = Optional.empty();
    }
}
