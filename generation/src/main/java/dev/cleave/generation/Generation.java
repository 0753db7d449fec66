package dev.cleave.generation;

import dev.cleave.model.tokenizer.TextDecoder;
import dev.cleave.transport.StepFinish;
import dev.cleave.transport.StepSample;
import dev.cleave.transport.TransportException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** One run of the loop: the prompt in chunks, then token by token. */
final class Generation {
    private final DeviceModel model;
    private final Route route;
    private final TextListener listener;
    private final Cancellation cancellation;
    private final int budget;
    private final int[] ids;
    private final StepMeter meter;
    private final Sampled sampled = new Sampled();
    private final TextDecoder decoder;
    private final StringBuilder text = new StringBuilder();

    private int count;
    private int computed;
    private int promptTokens;
    private int reusedTokens;
    private boolean begun;
    private boolean skipped;
    private Traffic before = Traffic.NONE;
    private Traffic prefilled = Traffic.NONE;
    private long prefillFrames;

    /** @param budget tokens of the answer, at least 1 */
    Generation(DeviceModel model, Route route, TextListener listener, Cancellation cancellation, int budget) {
        this.model = model;
        this.route = route;
        this.listener = listener;
        this.cancellation = cancellation;
        this.budget = budget;
        ids = new int[budget];
        meter = new StepMeter(budget);
        decoder = model.tokenizer().decoder();
    }

    /** Runs it; {@code keep} tokens of the prompt need not run again, where the route still holds them. */
    GenerationResult run(int[] prompt, int keep) {
        promptTokens = prompt.length;
        before = route.traffic();
        prefilled = before;
        computed = route.begin(keep);
        reusedTokens = computed;
        long begin = System.nanoTime();
        if (!prefill(prompt)) {
            return result(FinishReason.CANCELLED);
        }
        meter.prefilled(System.nanoTime() - begin);
        prefilled = route.traffic();
        prefillFrames = meter.frameBytes();
        return result(decode(prompt.length));
    }

    /** Sends the prompt, the next chunk being computed while the last one travels. Returns whether it got through. */
    private boolean prefill(int[] prompt) {
        int sent = computed;
        int underWay = 0;
        int[] sizes = new int[route.window()];
        int oldest = 0;
        while (sent < prompt.length && !cancellation.cancelled()) {
            if (underWay == sizes.length) {
                computed += receive(sizes[oldest]);
                oldest = (oldest + 1) % sizes.length;
                underWay--;
            }
            int tokens = Math.min(route.stepTokens(), prompt.length - sent);
            boolean last = sent + tokens == prompt.length;
            route.send(prompt, sent, tokens, sent, last ? StepSample.LAST : StepSample.NONE, meter);
            sizes[(oldest + underWay) % sizes.length] = tokens;
            underWay++;
            sent += tokens;
        }
        if (sent < prompt.length) {
            route.cancel();
        }
        for (; underWay > 0; underWay--) {
            computed += receive(sizes[oldest]);
            oldest = (oldest + 1) % sizes.length;
        }
        return sent == prompt.length;
    }

    /** Waits for a step of so many tokens, and returns how many of them the KV caches have more. */
    private int receive(int tokens) {
        route.receive(sampled, meter);
        begun = true;
        // The worker may have left out a step that it calls cancelled, and those behind it have no ground then.
        skipped |= sampled.finish == StepFinish.CANCELLED;
        return skipped ? 0 : tokens;
    }

    private FinishReason decode(int promptLength) {
        while (true) {
            if (skipped) {
                return FinishReason.CANCELLED;
            }
            if (sampled.id < 0) {
                throw new TransportException(
                        TransportException.Reason.PROTOCOL,
                        "a step that was to be sampled came back without a token",
                        null);
            }
            ids[count++] = sampled.id;
            if (sampled.finish == StepFinish.STOP || model.isStop(sampled.id)) {
                return FinishReason.STOP;
            }
            publish(decoder.append(sampled.id));
            if (cancellation.cancelled()) {
                return FinishReason.CANCELLED;
            }
            if (sampled.finish == StepFinish.LENGTH || count == budget) {
                return FinishReason.LENGTH;
            }
            long begin = System.nanoTime();
            int last = count - 1;
            route.sendSampled(last, ids[last], last > 0 ? ids[last - 1] : -1, promptLength + last, meter);
            computed += receive(1);
            meter.decoded(System.nanoTime() - begin);
        }
    }

    private void publish(String piece) {
        if (!piece.isEmpty()) {
            text.append(piece);
            listener.text(piece);
        }
    }

    boolean begun() {
        return begun;
    }

    /** Returns the tokens that both sides' KV caches hold. */
    int computed() {
        return computed;
    }

    int tokenId(int index) {
        return ids[index];
    }

    /** The other side's KV cache is gone. */
    void forget() {
        computed = 0;
    }

    GenerationResult result(FinishReason reason) {
        publish(decoder.finish());
        List<Integer> shown = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            shown.add(ids[i]);
        }
        Traffic now = route.traffic();
        return new GenerationResult(
                text.toString(),
                Collections.unmodifiableList(shown),
                reason,
                promptTokens,
                reusedTokens,
                model.cut(),
                meter.steps(),
                new GenerationResult.Bytes(
                        meter.frameBytes(),
                        (long) meter.tokens() * route.valuesPerToken(),
                        now.since(before),
                        meter.frameBytes() - prefillFrames,
                        now.since(prefilled),
                        meter.relativeError()),
                meter.timings(),
                route.memory());
    }
}
