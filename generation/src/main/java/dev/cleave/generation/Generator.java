package dev.cleave.generation;

import dev.cleave.model.sampling.SamplingOptions;
import dev.cleave.transport.SessionErrorCode;
import dev.cleave.transport.TransportException;
import dev.cleave.transport.device.DeviceLink;
import java.util.Arrays;

/**
 * The device's loop over one conversation. It remembers which tokens the KV caches hold: a prompt that begins with them is
 * computed only from where it differs. Made for one thread.
 */
public final class Generator implements AutoCloseable {
    private final DeviceModel model;
    private final Route route;
    private final int[] cached;
    private int cachedLength;

    private Generator(DeviceModel model, Route route) {
        this.model = model;
        this.route = route;
        this.cached = new int[model.maxLength()];
    }

    /** Creates the loop of split L: everything runs here. */
    public static Generator onDevice(DeviceModel model, SamplingOptions sampling) {
        return new Generator(model, new DeviceRoute(model, sampling));
    }

    /**
     * Creates the loop of splits 0..L-1. The session is opened by the first generation.
     *
     * @param link stays the caller's
     * @param device name that the link has connected under
     */
    public static Generator overLink(DeviceModel model, DeviceLink link, String device, SamplingOptions sampling) {
        WorkerPath path = new WorkerPath(link, model.request(device, sampling));
        if (!model.front().isPresent()) {
            return new Generator(model, new CloudRoute(path));
        }
        int width = model.bundle().architecture().hidden();
        return new Generator(
                model, new DividedRoute(model.front().get(), model.cut().link(), width, path));
    }

    /** Returns the model that it runs. */
    public DeviceModel model() {
        return model;
    }

    /** Returns the number of tokens that the KV caches hold. */
    public int cachedTokens() {
        return cachedLength;
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
        // The last token of a prompt always runs: its logits are not kept.
        int keep = Math.min(commonPrefix(prompt), prompt.length - 1);
        Generation generation = new Generation(model, route, listener, cancellation, budget);
        try {
            try {
                return generation.run(prompt, keep);
            } catch (TransportException failure) {
                if (keep == 0 || !forgotten(failure) || generation.begun()) {
                    throw failure;
                }
                route.abandon();
                generation = new Generation(model, route, listener, cancellation, budget);
                return generation.run(prompt, 0);
            }
        } catch (RuntimeException failure) {
            route.abandon();
            generation.forget();
            if (cancellation.cancelled() && failure instanceof TransportException) {
                // Nobody waits for it any more; the same signal may have ended both.
                return generation.result(FinishReason.CANCELLED);
            }
            throw new GenerationException(failure, generation.result(FinishReason.ERROR));
        } finally {
            remember(prompt, generation);
        }
    }

    @Override
    public void close() {
        route.close();
    }

    private int commonPrefix(int[] prompt) {
        int length = Math.min(cachedLength, prompt.length);
        int common = 0;
        while (common < length && cached[common] == prompt[common]) {
            common++;
        }
        return common;
    }

    private void remember(int[] prompt, Generation generation) {
        cachedLength = generation.computed();
        System.arraycopy(prompt, 0, cached, 0, Math.min(prompt.length, cachedLength));
        for (int i = prompt.length; i < cachedLength; i++) {
            cached[i] = generation.tokenId(i - prompt.length);
        }
    }

    /** A worker may end a session that was idle between two turns; nothing is lost by opening another. */
    private static boolean forgotten(TransportException failure) {
        return failure.reason() == TransportException.Reason.SESSION_FAILED
                && Arrays.asList(SessionErrorCode.IDLE.name(), SessionErrorCode.UNKNOWN_SESSION.name())
                        .contains(failure.code());
    }
}
