package dev.cleave.generation.loop;

import dev.cleave.transport.SessionLimits;
import dev.cleave.transport.SessionRequest;
import dev.cleave.transport.Step;
import dev.cleave.transport.StepFinish;
import dev.cleave.transport.StepSample;
import dev.cleave.transport.TrafficCounter;
import dev.cleave.transport.TransportException;
import dev.cleave.transport.device.DeviceLink;
import dev.cleave.transport.device.DeviceSession;
import dev.cleave.transport.device.StepReply;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/**
 * A link whose worker is a function from the tokens so far to the next one. It keeps the rules of a session: no position
 * beyond what it holds, no step beyond the window.
 */
final class ScriptedLink implements DeviceLink, TrafficCounter {
    static final int UP = 100;
    static final int DOWN = 30;
    private static final int QUALITY_OFFSET = 2;

    /** What the device sent. */
    record Sent(int position, List<Integer> ids, StepSample sample) {}

    final List<SessionRequest> opened = new ArrayList<>();
    final List<Sent> sent = new ArrayList<>();
    /** Of each frame, as docs/wire.md numbers them. */
    final List<Integer> qualities = new ArrayList<>();

    TransportException refusal;
    final ToIntFunction<List<Integer>> model;
    SessionLimits limits = new SessionLimits(256, 4, 96 << 10, 2, 60_000);
    TransportException failure;
    Runnable onSend = () -> {};
    int failsAfterSteps = Integer.MAX_VALUE;
    int cancels;
    int greatestUnderWay;
    private long received;

    ScriptedLink(ToIntFunction<List<Integer>> model) {
        this.model = model;
    }

    void failAfter(int steps, TransportException with) {
        failsAfterSteps = sent.size() + steps;
        failure = with;
    }

    @Override
    public DeviceSession open(SessionRequest request) {
        if (refusal != null) {
            throw refusal;
        }
        opened.add(request);
        failsAfterSteps = opened.size() > 1 ? Integer.MAX_VALUE : failsAfterSteps;
        return new Session();
    }

    @Override
    public Map<String, byte[]> profiles(String modelHash, Duration limit) {
        return Map.of();
    }

    @Override
    public TrafficCounter traffic() {
        return this;
    }

    @Override
    public long bytesUp() {
        return (long) UP * sent.size();
    }

    @Override
    public long bytesDown() {
        return DOWN * received;
    }

    @Override
    public void close() {}

    private final class Session implements DeviceSession {
        private final List<Integer> held = new ArrayList<>();
        private final Deque<Reply> underWay = new ArrayDeque<>();

        @Override
        public String worker() {
            return "scripted";
        }

        @Override
        public SessionLimits limits() {
            return limits;
        }

        @Override
        public int underWay() {
            return underWay.size();
        }

        @Override
        public void send(Step step) {
            if (step.forced() != null) {
                throw new UnsupportedOperationException("no generation scores a text");
            }
            if (step.content() instanceof Step.Frame frame) {
                qualities.add((int) frame.bytes()[frame.offset() + QUALITY_OFFSET]);
                int[] unknown = new int[step.rows()];
                Arrays.fill(unknown, -1);
                take(step.position(), unknown, 0, step.rows(), step.sample());
            } else if (step.content() instanceof Step.Ids ids) {
                take(step.position(), ids.ids(), ids.from(), step.rows(), step.sample());
            }
        }

        private void take(int position, int[] ids, int from, int tokens, StepSample sample) {
            if (position > held.size() || underWay.size() >= limits.window() || tokens > limits.maxTokensPerStep()) {
                throw new AssertionError("position " + position + " of " + held.size() + ", " + underWay.size()
                        + " under way, " + tokens + " tokens");
            }
            held.subList(position, held.size()).clear();
            List<Integer> step = new ArrayList<>();
            for (int i = 0; i < tokens; i++) {
                step.add(ids[from + i]);
            }
            held.addAll(step);
            sent.add(new Sent(position, step, sample));
            onSend.run();
            underWay.add(
                    sample == StepSample.NONE
                            ? new Reply(-1, StepFinish.RUNNING)
                            : new Reply(model.applyAsInt(held), StepFinish.RUNNING));
            greatestUnderWay = Math.max(greatestUnderWay, underWay.size());
        }

        @Override
        public StepReply receive() {
            if (sent.size() >= failsAfterSteps) {
                throw failure;
            }
            received++;
            return underWay.remove();
        }

        @Override
        public void cancel() {
            cancels++;
            int all = underWay.size();
            underWay.clear();
            for (int i = 0; i < all; i++) {
                underWay.add(new Reply(-1, StepFinish.CANCELLED));
            }
        }

        @Override
        public void close() {}
    }

    private record Reply(int token, StepFinish finish) implements StepReply {
        @Override
        public int count() {
            return token < 0 ? 0 : 1;
        }

        @Override
        public int id(int index) {
            return token;
        }

        @Override
        public float logProbability(int index) {
            return 0;
        }

        @Override
        public long roundTripNanos() {
            return 5_000_000;
        }

        @Override
        public int heldMicros() {
            return 2_000;
        }

        @Override
        public int decodeMicros() {
            return 0;
        }

        @Override
        public int computeMicros() {
            return 0;
        }

        @Override
        public int sampleMicros() {
            return 0;
        }

        @Override
        public int queueMicros() {
            return 0;
        }
    }
}
