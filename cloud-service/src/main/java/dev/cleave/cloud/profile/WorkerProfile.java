package dev.cleave.cloud.profile;

import dev.cleave.cloud.worker.WorkerService;
import dev.cleave.model.EngineOptions;
import dev.cleave.model.EngineProvider;
import dev.cleave.model.Mode;
import dev.cleave.model.ModelException;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.optimizer.ProfileException;
import dev.cleave.optimizer.file.ComputeFile;
import dev.cleave.optimizer.file.ProfileFiles;
import dev.cleave.optimizer.measure.Effort;
import dev.cleave.optimizer.measure.MachineProfiler;
import dev.cleave.optimizer.measure.Measured;
import dev.cleave.optimizer.measure.MeasuredLinks;
import dev.cleave.optimizer.measure.OpenedFootprint;
import dev.cleave.optimizer.measure.Progress;
import dev.cleave.optimizer.measure.ThisMachine;
import dev.cleave.optimizer.profile.ComputeProfile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * The profile of one worker: read from a file where there is one, else measured on a thread of its own that gives way to
 * sessions, and then published. It is made once.
 */
public final class WorkerProfile {
    private static final Logger LOG = Logger.getLogger(WorkerProfile.class);

    /** What brokers take in one message. */
    private static final int MOST_PUBLISHED = 96 * 1024;

    /** Layers that are opened together: a session that comes waits for no more than a run of these shares its processor. */
    private static final int LAYERS = 2;

    /** Part of the free memory that their files may have. */
    private static final int SHARE = 4;

    private static final long POLL_MILLIS = 2;

    private final Bundle bundle;
    private final WorkerService worker;
    private final int engineThreads;
    private final Optional<Path> file;
    private final Thread thread;
    private volatile Optional<byte[]> json = Optional.empty();

    /**
     * How far a worker's profile is.
     *
     * @param pending whether it is still being made
     * @param json the profile, where it is there
     */
    public record State(boolean pending, Optional<byte[]> json) {}

    private WorkerProfile(Bundle bundle, WorkerService worker, int engineThreads, Optional<Path> file) {
        this.bundle = bundle;
        this.worker = worker;
        this.engineThreads = engineThreads;
        this.file = file;
        this.thread = new Thread(this::run, "cleave-profile");
        thread.setDaemon(true);
        thread.setPriority(Thread.MIN_PRIORITY);
    }

    /**
     * Starts to read or to measure.
     *
     * @param engineThreads that share one step's work
     * @param file that is read where it exists, and else written
     */
    public static WorkerProfile start(Bundle bundle, WorkerService worker, int engineThreads, Optional<Path> file) {
        WorkerProfile profile = new WorkerProfile(bundle, worker, engineThreads, file);
        profile.thread.start();
        return profile;
    }

    /** Returns the profile as JSON, once it is there. */
    public Optional<byte[]> json() {
        return json;
    }

    /** Returns whether it is still being made. */
    public boolean pending() {
        return thread.isAlive();
    }

    /** Leaves off, and waits until the engine is free again. */
    public void stop(Duration limit) {
        thread.interrupt();
        try {
            thread.join(Math.max(1, limit.toMillis()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            LOG.warn("The profile's measurement still runs; it ends with the process");
        }
    }

    private void run() {
        try {
            ComputeProfile profile = file.isPresent() && Files.exists(file.get()) ? read(file.get()) : measure();
            byte[] compact = ComputeFile.compact(profile);
            json = Optional.of(compact);
            if (compact.length > MOST_PUBLISHED) {
                LOG.warnf(
                        "The profile has %d bytes, more than the %d of a message, and is not published",
                        compact.length, MOST_PUBLISHED);
            } else {
                worker.publishProfile(compact);
            }
        } catch (InterruptedException stop) {
            LOG.debug("The service stops before the profile is there");
        } catch (ModelException | ProfileException e) {
            LOG.errorf(
                    "There will be no profile of this worker: %s%s",
                    e.getMessage(),
                    file.filter(Files::exists)
                            .map(path -> "; remove " + path + ", or set cleave.worker.profile-file to another")
                            .orElse(""));
        } catch (RuntimeException | Error e) {
            LOG.error("There will be no profile of this worker", e);
        }
    }

    private ComputeProfile read(Path path) {
        ComputeProfile profile = ComputeFile.read(ProfileFiles.read(path), path.toString(), bundle);
        LOG.infof("The profile of this worker is that of %s", path);
        return profile;
    }

    private ComputeProfile measure() throws InterruptedException {
        long begin = System.nanoTime();
        // An engine of its own: that of the sessions would keep the weights of every width for good.
        try (SegmentEngine engine = EngineProvider.find().create(EngineOptions.DEFAULT.withThreads(engineThreads))) {
            MachineProfiler.Limits limits = new MachineProfiler.Limits(
                    Effort.QUICK,
                    LAYERS,
                    ThisMachine.availableBytes() / SHARE,
                    // A worker's own process is nothing that a plan asks for.
                    new MachineProfiler.Limits.Process(0, 0, 0),
                    this::giveWay);
            Measured measured = new MachineProfiler(engine, new OpenedFootprint(engine), limits)
                    .measure(
                            bundle,
                            bundle.widths(),
                            Mode.FAST,
                            MeasuredLinks.of(bundle, 1),
                            ThisMachine.provenance(bundle, WorkerProfile.class, engine.version(), engineThreads),
                            Progress.NONE);
            LOG.infof(
                    "Measured this machine in %d ms",
                    Duration.ofNanos(System.nanoTime() - begin).toMillis());
            file.ifPresent(path -> keep(path, ComputeFile.write(measured.profile(), measured.spread())));
            return measured.profile();
        }
    }

    private static void keep(Path path, byte[] bytes) {
        try {
            ProfileFiles.write(path, bytes);
        } catch (ModelException e) {
            LOG.warnf("cleave.worker.profile-file: %s", e.getMessage());
        }
    }

    private void giveWay() throws InterruptedException {
        while (worker.computing()) {
            Thread.sleep(POLL_MILLIS);
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }
}
