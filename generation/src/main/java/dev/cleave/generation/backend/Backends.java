package dev.cleave.generation.backend;

import dev.cleave.generation.GenerationTrace;
import dev.cleave.generation.link.LinkWindow;
import dev.cleave.model.sampling.SamplingOptions;
import dev.cleave.transport.TransportException;
import java.util.Optional;
import java.util.function.Supplier;

/** The way that steps take now: through the cloud, or all here while it is out of reach. */
public final class Backends implements AutoCloseable {
    private final DeviceModel first;
    private final SamplingOptions sampling;
    private final Optional<WorkerConnection> connection;
    private final Optional<OfflineFallback> fallback;
    private DeviceModel model;
    private Backend backend;
    private Optional<String> gone = Optional.empty();

    /**
     * Creates the way through a model as it is divided.
     *
     * @param connection to the worker, where layers are there
     * @param fallback for when it is gone, where that is allowed
     */
    public Backends(
            DeviceModel model,
            SamplingOptions sampling,
            Optional<WorkerConnection> connection,
            Optional<OfflineFallback> fallback) {
        this.first = model;
        this.model = model;
        this.sampling = sampling;
        this.connection = connection;
        this.fallback = fallback;
        backend = through();
    }

    public DeviceModel model() {
        return model;
    }

    public Backend backend() {
        return backend;
    }

    /** Returns whether steps go on in a session that is open already. */
    public boolean carriesOn() {
        return !gone.isPresent() && connection.map(WorkerConnection::isOpen).orElse(false);
    }

    /** Returns what the steps to the worker have told of the link; empty where there is none. */
    public Optional<LinkWindow> window() {
        return connection.map(WorkerConnection::window);
    }

    /** Returns that all runs here although it was to be divided, where it is so. */
    public Optional<GenerationTrace.Offline> offline(int fromToken) {
        return gone.map(
                reason -> new GenerationTrace.Offline(fromToken, model.config().frontBits(), reason));
    }

    /**
     * Tries the cloud again where it was out of reach.
     *
     * @return whether the KV caches hold what they held
     */
    public boolean seekCloud() {
        if (!gone.isPresent()) {
            return true;
        }
        try {
            connection.get().ensureOpen();
        } catch (TransportException failure) {
            if (!OfflineFallback.isFor(failure)) {
                throw failure;
            }
            gone = Optional.of(failure.getMessage());
            return true;
        }
        model.close();
        model = fallback.get().divided();
        backend = through();
        gone = Optional.empty();
        return false;
    }

    /** Goes on alone where that is allowed, the cloud is gone and the whole model fits; returns whether it is so. */
    public boolean goAlone(TransportException failure) {
        if (!fallback.isPresent() || gone.isPresent() || !OfflineFallback.isFor(failure)) {
            return false;
        }
        Optional<Supplier<DeviceModel>> whole = fallback.get().alone(failure.getMessage());
        if (!whole.isPresent()) {
            return false;
        }
        backend.abandon();
        model.close();
        try {
            model = whole.get().get();
        } catch (RuntimeException broken) {
            model = fallback.get().divided();
            backend = through();
            throw broken;
        }
        backend = new DeviceBackend(model, sampling);
        gone = Optional.of(failure.getMessage());
        return true;
    }

    private Backend through() {
        if (!connection.isPresent()) {
            return new DeviceBackend(model, sampling);
        }
        return model.front().isPresent()
                ? new SplitBackend(model, connection.get())
                : new CloudBackend(model, connection.get());
    }

    /** Ends the session, and closes what was opened on the way; the model of the beginning is the caller's. */
    @Override
    public void close() {
        backend.close();
        if (connection.isPresent()) {
            connection.get().close();
        }
        if (model != first) {
            model.close();
        }
    }
}
