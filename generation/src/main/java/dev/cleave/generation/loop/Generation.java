package dev.cleave.generation.loop;

import dev.cleave.codec.CodecLevel;
import dev.cleave.generation.Cancellation;
import dev.cleave.generation.FinishReason;
import dev.cleave.generation.GenerationResult;
import dev.cleave.generation.GenerationTrace;
import dev.cleave.generation.SplitConfig;
import dev.cleave.generation.TextListener;
import dev.cleave.generation.Traffic;
import dev.cleave.generation.backend.Backend;
import dev.cleave.generation.backend.Backends;
import dev.cleave.generation.backend.DeviceModel;
import dev.cleave.generation.backend.SessionState;
import dev.cleave.generation.backend.StepMeter;
import dev.cleave.generation.backend.StepResult;
import dev.cleave.generation.link.LinkPlan;
import dev.cleave.generation.link.LinkRule;
import dev.cleave.model.tokenizer.TextDecoder;
import dev.cleave.transport.StepFinish;
import dev.cleave.transport.StepSample;
import dev.cleave.transport.TransportException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** One run of the loop: the prompt in chunks, then token by token. It may change its way in the midst of the text. */
final class Generation {
    private final Backends backends;
    private final DeviceModel model;
    private final Backend first;
    private final TextListener listener;
    private final Cancellation cancellation;
    private final int budget;
    private final SessionState state;
    private final StepMeter meter;
    private final DeadlineWatch watch;
    private final List<LinkPlan.Change> used = new ArrayList<>();
    private final StepResult sampled = new StepResult();
    private final TextDecoder decoder;
    private final StringBuilder text = new StringBuilder();

    private Backend backend;
    private SplitConfig config;
    private Optional<GenerationTrace.Offline> offline;
    private Optional<String> cutShort = Optional.empty();
    private int promptTokens;
    private int reusedTokens;
    private boolean begun;
    private boolean skipped;
    private Traffic before = Traffic.NONE;
    private Traffic prefilled = Traffic.NONE;
    private long prefillFrames;

    /** @param budget tokens of the answer, at least 1 */
    Generation(Backends backends, SessionState state, TextListener listener, Cancellation cancellation, int budget) {
        this.backends = backends;
        this.state = state;
        this.model = backends.model();
        this.first = backends.backend();
        this.backend = first;
        this.config = model.config();
        this.offline = backends.offline(0);
        this.listener = listener;
        this.cancellation = cancellation;
        this.budget = budget;
        meter = new StepMeter(budget);
        watch = new DeadlineWatch(model.target());
        decoder = model.tokenizer().decoder();
    }

    /** Runs it; {@code keep} tokens of the prompt need not run again, where the backend still holds them. */
    GenerationResult run(int keep) {
        promptTokens = state.length();
        before = backend.traffic();
        prefilled = before;
        state.keep(backend.begin(keep));
        reusedTokens = state.held();
        long begin = System.nanoTime();
        if (!prefill()) {
            return result(FinishReason.CANCELLED);
        }
        meter.prefilled(System.nanoTime() - begin);
        prefilled = backend.traffic();
        prefillFrames = meter.frameBytes();
        return result(decode());
    }

    /**
     * Goes on with the way that the backends have changed to: what was shown stays, prompt and shown tokens run again there, and
     * the text continues.
     */
    GenerationResult goOn() {
        backend = backends.backend();
        offline = backends.offline(state.sampledTokens());
        if (state.sampledTokens() == 0) {
            config = backends.model().config();
            reusedTokens = 0;
        }
        meter.discard();
        skipped = false;
        state.keep(backend.begin(0));
        long begin = System.nanoTime();
        if (!prefill()) {
            return result(FinishReason.CANCELLED);
        }
        if (state.sampledTokens() == 0) {
            meter.prefilled(System.nanoTime() - begin);
        }
        meter.discard();
        return result(decode());
    }

    /**
     * Ends the text where a step did not come back in time, as a deadline wants it that gives up what it cannot keep. Returns
     * nothing where there is no such deadline, or no text yet.
     */
    Optional<GenerationResult> giveUp(TransportException failure) {
        if (state.sampledTokens() == 0 || !watch.endsEarly() || !failure.code().equals(TransportException.SILENT)) {
            return Optional.empty();
        }
        cutShort("the link is dead: " + failure.getMessage());
        return Optional.of(result(FinishReason.LENGTH));
    }

    private void cutShort(String reason) {
        cutShort = Optional.of("ended after " + state.sampledTokens() + " of at most " + budget + " tokens: " + reason);
    }

    /** Sends the prompt, the next chunk being computed while the last one travels. Returns whether it got through. */
    private boolean prefill() {
        int[] prompt = state.tokens();
        int length = state.length();
        int sent = state.held();
        int underWay = 0;
        int[] sizes = new int[backend.window()];
        int oldest = 0;
        while (sent < length && !cancellation.cancelled()) {
            if (underWay == sizes.length) {
                receive(sizes[oldest]);
                oldest = (oldest + 1) % sizes.length;
                underWay--;
            }
            int tokens = Math.min(backend.stepTokens(), length - sent);
            boolean last = sent + tokens == length;
            backend.send(prompt, sent, tokens, sent, last ? StepSample.LAST : StepSample.NONE, meter);
            sizes[(oldest + underWay) % sizes.length] = tokens;
            underWay++;
            sent += tokens;
        }
        if (sent < length) {
            backend.cancel();
        }
        for (; underWay > 0; underWay--) {
            receive(sizes[oldest]);
            oldest = (oldest + 1) % sizes.length;
        }
        return sent == length;
    }

    /** Waits for a step of so many tokens, which the KV caches then have more. */
    private void receive(int tokens) {
        backend.receive(sampled, meter);
        begun = true;
        // The worker may have left out a step that it calls cancelled, and those behind it have no ground then.
        skipped |= sampled.finish == StepFinish.CANCELLED;
        state.computed(skipped ? 0 : tokens);
    }

    private FinishReason decode() {
        boolean hopeless = false;
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
            state.sampled(sampled.id);
            if (sampled.finish == StepFinish.STOP || model.isStop(sampled.id)) {
                return FinishReason.STOP;
            }
            publish(decoder.append(sampled.id));
            if (cancellation.cancelled()) {
                return FinishReason.CANCELLED;
            }
            if (sampled.finish == StepFinish.LENGTH || state.sampledTokens() == budget) {
                return FinishReason.LENGTH;
            }
            if (hopeless) {
                cutShort(watch.reason() + ", with " + left());
                return FinishReason.LENGTH;
            }
            hopeless = step();
        }
    }

    /** Takes the last token to the next one. Returns whether the deadline cannot be kept any more. */
    private boolean step() {
        LinkRule links = backend.links();
        int[] tokens = state.tokens();
        int position = state.length() - 1;
        int last = state.sampledTokens() - 1;
        CodecLevel quality = links.next(last);
        if (backend == first && (used.isEmpty() || used.get(used.size() - 1).quality() != quality)) {
            used.add(new LinkPlan.Change(last, quality));
        }
        long socket = backend.socketBytes();
        long begin = System.nanoTime();
        backend.sendSampled(quality, tokens[position], last > 0 ? tokens[position - 1] : -1, position, meter);
        receive(1);
        long total = System.nanoTime() - begin;
        meter.decoded(total);
        int frame = meter.stepBytes();
        boolean exhausted = links.exhausted();
        links.took(total, meter.last(StepMeter.LINK), frame, Math.max(0, backend.socketBytes() - socket - frame));
        return watch.took(total, exhausted);
    }

    private String left() {
        return backend == first && meter.values() > 0
                ? "the link at " + used.get(used.size() - 1).quality().name() + " and nothing cheaper allowed"
                : "no activations sent that could be made smaller";
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

    GenerationResult result(FinishReason reason) {
        publish(decoder.finish());
        List<Integer> shown = new ArrayList<>(state.sampledTokens());
        for (int id : state.sampledIds()) {
            shown.add(id);
        }
        Traffic now = first.traffic();
        return new GenerationResult(
                text.toString(),
                Collections.unmodifiableList(shown),
                reason,
                promptTokens,
                reusedTokens,
                config,
                meter.steps(),
                new GenerationResult.Bytes(
                        meter.frameBytes(),
                        meter.values(),
                        now.since(before),
                        meter.frameBytes() - prefillFrames,
                        now.since(prefilled),
                        meter.relativeError()),
                meter.timings(),
                backend.memory(),
                new GenerationTrace(links(), watch.late(), cutShort, offline));
    }

    private LinkPlan links() {
        LinkPlan planned = model.config().link();
        return used.isEmpty() ? LinkPlan.of(planned.prompt(), planned.decode(0)) : new LinkPlan(planned.prompt(), used);
    }
}
