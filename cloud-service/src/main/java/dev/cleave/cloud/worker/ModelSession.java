package dev.cleave.cloud.worker;

import dev.cleave.codec.CodecException;
import dev.cleave.codec.Decoder;
import dev.cleave.model.ModelException;
import dev.cleave.model.Output;
import dev.cleave.model.Sequence;
import dev.cleave.model.sampling.Sampler;
import dev.cleave.transport.SessionErrorCode;
import dev.cleave.transport.SessionRequest;
import dev.cleave.transport.Step;
import dev.cleave.transport.StepFinish;
import dev.cleave.transport.StepSample;
import dev.cleave.transport.worker.SessionFailure;
import dev.cleave.transport.worker.StepAnswer;
import dev.cleave.transport.worker.WorkerSession;
import dev.cleave.transport.worker.WorkerStep;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.jboss.logging.Logger;

/** One session: frame → back segment → logits → token, a step at a time. */
final class ModelSession implements WorkerSession {
    private static final Logger LOG = Logger.getLogger(ModelSession.class);

    /** Positions that one step may sample: their logits take vocabulary · 4 bytes each. */
    static final int MAX_SAMPLED = 32;

    private final SessionRequest request;
    private final int[] stopIds;
    private final Sequence segment;
    private final Decoder decoder;
    private final Sampler sampler;
    private final int vocabulary;
    private final Surroundings surroundings;
    private final StepClock clock;
    private final int[] sampledAt;

    /**
     * What a session tells of itself.
     *
     * @param metrics hears of each step
     * @param tap sees the logits
     * @param onClose frees the segment and what is reserved for it
     */
    record Surroundings(WorkerMetrics metrics, LogitsTap tap, Runnable onClose) {}

    /** @param decoder null where the segment takes token ids */
    ModelSession(
            SessionRequest request,
            Sequence segment,
            Decoder decoder,
            Sampler sampler,
            int vocabulary,
            Surroundings surroundings) {
        this.request = request;
        this.stopIds = request.stopIds().stream().mapToInt(Integer::intValue).toArray();
        this.segment = segment;
        this.decoder = decoder;
        this.sampler = sampler;
        this.vocabulary = vocabulary;
        this.surroundings = surroundings;
        this.clock = new StepClock(surroundings.metrics());
        // Where a session is built from frames alone, the ids that it has sampled are all that it knows of the text.
        this.sampledAt = new int[segment.maxLength() + 1];
        Arrays.fill(sampledAt, -1);
    }

    @Override
    public void step(WorkerStep work, StepAnswer answer) {
        if (work.cancelled()) {
            answer.finish(StepFinish.CANCELLED);
            answer.done();
            return;
        }
        try {
            Step step = work.step();
            check(step);
            compute(step, answer);
            answer.done();
        } catch (SessionFailure e) {
            throw failed(e);
        } catch (CodecException e) {
            throw failed(new SessionFailure(SessionErrorCode.BAD_FRAME, e.getMessage()));
        } catch (ModelException e) {
            throw failed(failure(e));
        }
    }

    private void check(Step step) {
        int position = step.position();
        int tokens = step.rows();
        if (position < 0 || position > segment.length()) {
            throw outOfRange("position " + position + " is outside 0.." + segment.length()
                    + ", the tokens that the session has");
        }
        if (tokens < 1 || tokens > segment.chunk()) {
            throw outOfRange("a step of " + tokens + " tokens, 1.." + segment.chunk() + " are allowed");
        }
        if (tokens > maxLength() - position) {
            throw outOfRange("position " + position + " and " + tokens + " tokens are beyond the session's "
                    + maxLength() + "; open a longer one, or shorten the text");
        }
        int sampled = step.sampled();
        if (sampled > MAX_SAMPLED) {
            throw outOfRange("a step that samples " + sampled + " positions, at most " + MAX_SAMPLED + " are allowed");
        }
        if (step.forcedCount() > sampled) {
            throw outOfRange(step.forcedCount() + " forced ids in a step that samples " + sampled + " positions");
        }
        for (int i = 0; i < step.forcedCount(); i++) {
            int id = step.forcedId(i);
            if (id < 0 || id >= vocabulary) {
                throw outOfRange("forced id " + id + " is outside 0.." + (vocabulary - 1));
            }
        }
    }

    private void compute(Step step, StepAnswer answer) {
        clock.begin(step.sample() == StepSample.NONE || step.rows() > 1);
        if (decoder != null) {
            decode(step);
        }
        clock.decoded();
        int sampled = step.sampled();
        // What was shown already need not be computed again, only its keys and values.
        Output output = sampled == step.forcedCount() && !step.scored()
                ? Output.NONE
                : step.sample() == StepSample.ALL ? Output.ALL : Output.LAST;
        FloatBuffer logits = run(step, output);
        clock.computed();
        if (output != Output.NONE) {
            int rows = output == Output.ALL ? step.rows() : 1;
            surroundings.tap().logits(request.session(), step.position() + step.rows() - rows, rows, logits);
        }
        if (sampled > 0) {
            answer.finish(sample(step, sampled, logits, answer));
        }
        clock.sampled(step.rows(), sampled, answer);
    }

    private void decode(Step step) {
        if (step.rows() == 1) {
            int position = step.position();
            decoder.known(sampledAt[position], position > 0 ? sampledAt[position - 1] : -1);
        }
        Step.Frame frame = (Step.Frame) step.content();
        int rows = decoder.decode(frame.bytes(), frame.offset(), frame.length(), segment.hiddenInput());
        if (rows != step.rows()) {
            throw new SessionFailure(
                    SessionErrorCode.BAD_FRAME,
                    "the frame holds " + rows + " tokens where the step states " + step.rows());
        }
    }

    private FloatBuffer run(Step step, Output output) {
        if (decoder != null) {
            return segment.run(step.rows(), step.position(), output);
        }
        Step.Ids ids = (Step.Ids) step.content();
        return segment.run(ids.ids(), ids.from(), step.rows(), step.position(), output);
    }

    private StepFinish sample(Step step, int sampled, FloatBuffer logits, StepAnswer answer) {
        int first = step.position() + step.rows() - sampled;
        int id = -1;
        for (int i = 0; i < sampled; i++) {
            if (i < step.forcedCount()) {
                id = step.forcedId(i);
                // In a replay its probability was told when it was sampled.
                answer.token(
                        id, step.scored() ? (float) sampler.logProbability(logits, i * vocabulary, id) : Float.NaN);
            } else {
                id = sampler.sample(logits, i * vocabulary, first + i + 1);
                answer.token(id, (float) sampler.lastLogProbability());
            }
        }
        if (sampled == 1) {
            sampledAt[first + 1] = id;
        }
        if (step.sample() == StepSample.ALL) {
            // Which of them count only the device knows: it knows what it proposed.
            return StepFinish.RUNNING;
        }
        if (isStop(id)) {
            return StepFinish.STOP;
        }
        return first + 2 >= maxLength() ? StepFinish.LENGTH : StepFinish.RUNNING;
    }

    private boolean isStop(int id) {
        for (int stop : stopIds) {
            if (stop == id) {
                return true;
            }
        }
        return false;
    }

    private int maxLength() {
        return segment.maxLength();
    }

    private SessionFailure failure(ModelException e) {
        if (e.reason() == ModelException.Reason.OUT_OF_RANGE) {
            return outOfRange(e.getMessage());
        }
        LOG.errorf(e, "Session %s/%s failed", request.device(), request.session());
        return new SessionFailure(
                SessionErrorCode.INTERNAL, "the worker's engine failed (" + e.reason() + "); its log says why");
    }

    private SessionFailure failed(SessionFailure failure) {
        surroundings.metrics().failed(failure.code());
        LOG.debugf("%s/%s ended: %s", request.device(), request.session(), failure.getMessage());
        return failure;
    }

    private static SessionFailure outOfRange(String message) {
        return new SessionFailure(SessionErrorCode.OUT_OF_RANGE, message);
    }

    @Override
    public void close() {
        surroundings.onClose().run();
        surroundings.metrics().closed();
    }
}
