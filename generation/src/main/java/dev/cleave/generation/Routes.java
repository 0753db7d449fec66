package dev.cleave.generation;

import dev.cleave.model.sampling.SamplingOptions;
import dev.cleave.transport.TransportException;
import java.util.Optional;
import java.util.function.Supplier;

/** The way that steps take now: through the cloud, or all here while it is out of reach. */
final class Routes implements AutoCloseable {
    private final DeviceModel first;
    private final SamplingOptions sampling;
    private final Optional<WorkerPath> path;
    private final Optional<Standby> standby;
    private DeviceModel model;
    private Route route;
    private Optional<String> gone = Optional.empty();

    /**
     * Creates the way through a model as it is divided.
     *
     * @param path to the worker, where layers are there
     * @param standby for when it is gone, where that is allowed
     */
    Routes(DeviceModel model, SamplingOptions sampling, Optional<WorkerPath> path, Optional<Standby> standby) {
        this.first = model;
        this.model = model;
        this.sampling = sampling;
        this.path = path;
        this.standby = standby;
        route = through();
    }

    DeviceModel model() {
        return model;
    }

    Route route() {
        return route;
    }

    /** Returns whether steps go on in a session that is open already. */
    boolean carriesOn() {
        return !gone.isPresent() && path.map(WorkerPath::isOpen).orElse(false);
    }

    /** Returns what the steps to the worker have told of the link; empty where there is none. */
    Optional<LinkWindow> window() {
        return path.map(WorkerPath::window);
    }

    /** Returns that all runs here although it was to be divided, where it is so. */
    Optional<Course.Offline> offline(int fromToken) {
        return gone.map(reason -> new Course.Offline(fromToken, model.cut().frontBits(), reason));
    }

    /**
     * Tries the cloud again where it was out of reach.
     *
     * @return whether the KV caches hold what they held
     */
    boolean seekCloud() {
        if (!gone.isPresent()) {
            return true;
        }
        try {
            path.get().ensureOpen();
        } catch (TransportException failure) {
            if (!Standby.isFor(failure)) {
                throw failure;
            }
            gone = Optional.of(failure.getMessage());
            return true;
        }
        model.close();
        model = standby.get().divided();
        route = through();
        gone = Optional.empty();
        return false;
    }

    /** Goes on alone where that is allowed, the cloud is gone and the whole model fits; returns whether it is so. */
    boolean goAlone(TransportException failure) {
        if (!standby.isPresent() || gone.isPresent() || !Standby.isFor(failure)) {
            return false;
        }
        Optional<Supplier<DeviceModel>> whole = standby.get().alone(failure.getMessage());
        if (!whole.isPresent()) {
            return false;
        }
        route.abandon();
        model.close();
        try {
            model = whole.get().get();
        } catch (RuntimeException broken) {
            model = standby.get().divided();
            route = through();
            throw broken;
        }
        route = new DeviceRoute(model, sampling);
        gone = Optional.of(failure.getMessage());
        return true;
    }

    private Route through() {
        if (!path.isPresent()) {
            return new DeviceRoute(model, sampling);
        }
        return model.front().isPresent() ? new DividedRoute(model, path.get()) : new CloudRoute(model, path.get());
    }

    /** Ends the session, and closes what was opened on the way; the model of the beginning is the caller's. */
    @Override
    public void close() {
        route.close();
        if (path.isPresent()) {
            path.get().close();
        }
        if (model != first) {
            model.close();
        }
    }
}
