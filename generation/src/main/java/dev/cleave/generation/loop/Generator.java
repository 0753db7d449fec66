package dev.cleave.generation.loop;

import dev.cleave.generation.Cancellation;
import dev.cleave.generation.FinishReason;
import dev.cleave.generation.GenerationException;
import dev.cleave.generation.GenerationResult;
import dev.cleave.generation.PromptTooLongException;
import dev.cleave.generation.TextListener;
import dev.cleave.generation.backend.Backends;
import dev.cleave.generation.backend.DeviceModel;
import dev.cleave.generation.backend.OfflineFallback;
import dev.cleave.generation.backend.SessionState;
import dev.cleave.generation.backend.WorkerConnection;
import dev.cleave.generation.link.LinkWindow;
import dev.cleave.model.sampling.SamplingOptions;
import dev.cleave.transport.SessionErrorCode;
import dev.cleave.transport.TransportException;
import dev.cleave.transport.device.DeviceLink;
import java.util.Arrays;
import java.util.Optional;

/**
 * The device's loop over one conversation. It remembers which tokens the KV caches hold: a prompt that begins with them is
 * computed only from where it differs. Made for one thread.
 */
public final class Generator implements AutoCloseable {
    private final DeviceModel model;
    private final Backends backends;
    private final SessionState state;

    private Generator(DeviceModel model, SessionState state, Backends backends) {
        this.model = model;
        this.backends = backends;
        this.state = state;
    }

    /** Creates the loop of split L: everything runs here. */
    public static Generator onDevice(DeviceModel model, SamplingOptions sampling) {
        return new Generator(
                model,
                new SessionState(model.maxLength()),
                new Backends(model, sampling, Optional.empty(), Optional.empty()));
    }

    /**
     * Creates the loop of splits 0..L-1. The session is opened by the first generation.
     *
     * @param link stays the caller's
     * @param device name that the link has connected under
     */
    public static Generator overLink(DeviceModel model, DeviceLink link, String device, SamplingOptions sampling) {
        return overLink(model, link, device, sampling, Optional.empty());
    }

    /**
     * As the other, where the device may go on alone. While it does, each generation first tries whether the cloud is there
     * again.
     *
     * @param fallback what then computes; it stays the caller's, what it has opened is closed here
     */
    public static Generator overLink(
            DeviceModel model,
            DeviceLink link,
            String device,
            SamplingOptions sampling,
            Optional<OfflineFallback> fallback) {
        SessionState state = new SessionState(model.maxLength());
        WorkerConnection connection = new WorkerConnection(link, state, model.request(device, sampling));
        return new Generator(model, state, new Backends(model, sampling, Optional.of(connection), fallback));
    }

    /** Returns the model that it was made for. */
    public DeviceModel model() {
        return model;
    }

    /** Returns what the steps so far have told of the link; empty where there is none. */
    public Optional<LinkWindow> window() {
        return backends.window();
    }

    /** Returns the number of tokens that the KV caches hold. */
    public int cachedTokens() {
        return state.held();
    }

    /**
     * Generates until the model ends the text, {@code maxTokens} or the context is reached, or somebody cancels.
     *
     * @param prompt ids of the whole conversation, at least one
     * @param maxTokens of the answer, at least 1
     * @param listener is shown the text while it grows; what it throws ends the generation
     * @throws PromptTooLongException where the context leaves no room for an answer
     * @throws GenerationException where link, worker, broker or engine fail; it holds what was shown
     */
    public GenerationResult generate(int[] prompt, int maxTokens, TextListener listener, Cancellation cancellation) {
        if (prompt.length == 0 || maxTokens < 1) {
            throw new IllegalArgumentException(
                    "prompt tokens=" + prompt.length + ", maxTokens=" + maxTokens + "; both must be at least 1");
        }
        if (prompt.length >= model.maxLength()) {
            throw new PromptTooLongException(prompt.length, model.maxLength());
        }
        int budget = Math.min(maxTokens, model.maxLength() - prompt.length);
        seekCloud(prompt, listener, cancellation, budget);
        int keep = state.begin(prompt);
        boolean carriedOn = backends.carriesOn();
        Generation generation = new Generation(backends, state, listener, cancellation, budget);
        try {
            try {
                return generation.run(keep);
            } catch (TransportException failure) {
                if (!carriedOn || generation.begun() || !died(failure) || cancellation.cancelled()) {
                    throw failure;
                }
                backends.backend().abandon();
                generation = new Generation(backends, state, listener, cancellation, budget);
                state.begin(prompt);
                return generation.run(0);
            }
        } catch (TransportException failure) {
            return lost(generation, failure, cancellation);
        } catch (RuntimeException failure) {
            throw failed(generation, failure);
        }
    }

    private void seekCloud(int[] prompt, TextListener listener, Cancellation cancellation, int budget) {
        try {
            if (!backends.seekCloud()) {
                state.keep(0);
            }
        } catch (RuntimeException failure) {
            state.begin(prompt);
            throw failed(new Generation(backends, state, listener, cancellation, budget), failure);
        }
    }

    /** What is left where link, worker or broker fail in the midst: to go on alone, or to end with what there is. */
    private GenerationResult lost(Generation generation, TransportException failure, Cancellation cancellation) {
        try {
            if (!cancellation.cancelled() && backends.goAlone(failure)) {
                return generation.goOn();
            }
        } catch (RuntimeException another) {
            throw failed(generation, another);
        }
        backends.backend().abandon();
        state.keep(0);
        if (cancellation.cancelled()) {
            // Nobody waits for it any more; the same signal may have ended both.
            return generation.result(FinishReason.CANCELLED);
        }
        return generation
                .giveUp(failure)
                .orElseThrow(() -> new GenerationException(failure, generation.result(FinishReason.ERROR)));
    }

    private GenerationException failed(Generation generation, RuntimeException failure) {
        backends.backend().abandon();
        state.keep(0);
        return new GenerationException(failure, generation.result(FinishReason.ERROR));
    }

    @Override
    public void close() {
        backends.close();
    }

    /**
     * Whether a session was dead already when this turn began: worker, broker or connection may go between two turns, and nothing
     * is lost by opening another session. A step that was not answered in time has cost the user's patience once.
     */
    private static boolean died(TransportException failure) {
        switch (failure.reason()) {
            case BROKER_LOST:
                return true;
            case WORKER_LOST:
                return !failure.code().equals(TransportException.SILENT);
            case SESSION_FAILED:
                return Arrays.asList(
                                SessionErrorCode.IDLE.name(),
                                SessionErrorCode.UNKNOWN_SESSION.name(),
                                SessionErrorCode.STOPPED.name())
                        .contains(failure.code());
            default:
                return false;
        }
    }
}
