package dev.cleave.cloud.worker;

import dev.cleave.cloud.process.ExitCode;
import dev.cleave.cloud.process.StartFailure;
import dev.cleave.model.EngineOptions;
import dev.cleave.model.EngineProvider;
import dev.cleave.model.ModelException;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.transport.BrokerOptions;
import dev.cleave.transport.Timeouts;
import dev.cleave.transport.TransportException;
import dev.cleave.transport.worker.WorkerLink;
import dev.cleave.transport.worker.WorkerOptions;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import org.jboss.logging.Logger;

/** A worker and what it stands on: bundle, engine, compute threads, and the link to the broker. */
public final class WorkerService implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(WorkerService.class);
    private static final long POLL_MILLIS = 20;
    private static final Duration LAST_STEPS = Duration.ofSeconds(10);

    private final WorkerSettings settings;
    private final SegmentEngine engine;
    private final ComputePool pool;
    private final ModelWorker worker;
    private final WorkerLink link;

    private WorkerService(
            WorkerSettings settings, SegmentEngine engine, ComputePool pool, ModelWorker worker, WorkerLink link) {
        this.settings = settings;
        this.engine = engine;
        this.pool = pool;
        this.worker = worker;
        this.link = link;
    }

    /**
     * Opens a bundle.
     *
     * @param verify whether its files are read and compared with the sha256 that the bundle states
     * @throws StartFailure where there is none, or it is damaged
     */
    public static Bundle bundle(Path folder, boolean verify) {
        try {
            Bundle bundle = Bundle.open(folder);
            // Devices choose where to cut: any layer may be asked for.
            bundle.require(bundle.files());
            if (verify) {
                bundle.verify();
            }
            return bundle;
        } catch (ModelException failure) {
            ExitCode code = switch (failure.reason()) {
                case NOT_FOUND -> ExitCode.NO_BUNDLE;
                case UNSUPPORTED -> ExitCode.UNSUPPORTED_BUNDLE;
                default -> ExitCode.DAMAGED_BUNDLE;
            };
            throw new StartFailure(code, "cleave.bundle: " + failure.getMessage());
        }
    }

    /**
     * Starts a worker.
     *
     * @param engineThreads that share one step's work
     * @throws StartFailure where the broker cannot be reached, or the engine cannot be loaded
     */
    public static WorkerService start(
            Bundle bundle, WorkerSettings settings, int engineThreads, BrokerOptions broker, MeterRegistry registry) {
        return start(
                bundle, settings, engineThreads, broker, new WorkerMetrics(registry, bundle.name()), LogitsTap.NONE);
    }

    static WorkerService start(
            Bundle bundle,
            WorkerSettings settings,
            int engineThreads,
            BrokerOptions broker,
            WorkerMetrics metrics,
            LogitsTap tap) {
        SegmentEngine engine;
        try {
            // Weights stay: the next session must not wait for them.
            engine = EngineProvider.find()
                    .create(EngineOptions.DEFAULT.withThreads(engineThreads).withKeepWeights(true));
        } catch (ModelException | LinkageError failure) {
            throw new StartFailure(ExitCode.ENGINE, "The engine cannot be loaded: " + failure.getMessage());
        }
        ComputePool pool = new ComputePool(settings.threads(), metrics);
        ModelWorker worker = new ModelWorker(bundle, engine, settings, metrics, tap);
        WorkerOptions options = new WorkerOptions(
                settings.name(),
                bundle.modelHash(),
                settings.maxSessions(),
                (int) Math.min(Integer.MAX_VALUE, settings.idle().toMillis()),
                Timeouts.DEFAULT);
        try {
            WorkerLink link = WorkerLink.start(broker, options, worker, pool);
            LOG.infof("Worker %s serves %s (%s)", settings.name(), bundle.name(), bundle.modelKey());
            return new WorkerService(settings, engine, pool, worker, link);
        } catch (TransportException failure) {
            pool.close();
            engine.close();
            throw new StartFailure(exitCode(failure), "cleave.broker: " + failure.getMessage());
        }
    }

    private static ExitCode exitCode(TransportException failure) {
        return switch (failure.reason()) {
            case LOGIN_REFUSED -> ExitCode.LOGIN_REFUSED;
            case NOT_AUTHORIZED -> ExitCode.NOT_AUTHORIZED;
            case INSECURE -> ExitCode.INSECURE;
            case PACKET_LIMIT -> ExitCode.PACKET_LIMIT;
            default -> ExitCode.BROKER_UNREACHABLE;
        };
    }

    /** Returns the worker's name. */
    public String name() {
        return settings.name();
    }

    /** Returns whether it is connected to its broker and takes openings or is full. */
    public boolean connected() {
        return link.connected();
    }

    /** Returns the number of open sessions. */
    public int sessions() {
        return link.sessions();
    }

    /** Returns bytes of memory that open sessions have reserved. */
    public long kvReserved() {
        return worker.memory().reserved();
    }

    /** Returns how long the longest step or opening that runs now has been running. */
    public Duration longestStep() {
        Duration step = pool.longestRunning();
        Duration opening = worker.longestOpening();
        return step.compareTo(opening) > 0 ? step : opening;
    }

    /** Returns whether a step or an opening is being computed now. */
    public boolean computing() {
        return !longestStep().isZero();
    }

    /** Tells devices what this worker's machine takes, see {@link WorkerLink#publishProfile}. */
    public void publishProfile(byte[] profile) {
        link.publishProfile(profile);
    }

    /**
     * Takes no more openings, lets open sessions go on for a while, then ends them and frees everything.
     *
     * @param grace how long open sessions may go on
     */
    public void stop(Duration grace) {
        link.drain();
        long end = System.nanoTime() + grace.toNanos();
        try {
            while (link.sessions() > 0 && System.nanoTime() < end) {
                Thread.sleep(POLL_MILLIS);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        link.close();
        // Nothing may be inside the engine when it closes: no step, and no opening, whose session the link then closes.
        if (pool.finish(LAST_STEPS) && freed(LAST_STEPS)) {
            engine.close();
        } else {
            LOG.warn("A step still runs; the engine is left to the end of the process");
        }
    }

    private boolean freed(Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        try {
            while (worker.memory().reserved() > 0 && System.nanoTime() - end < 0) {
                Thread.sleep(POLL_MILLIS);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        return worker.memory().reserved() == 0;
    }

    @Override
    public void close() {
        stop(Duration.ZERO);
    }
}
