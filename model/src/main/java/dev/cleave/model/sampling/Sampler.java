package dev.cleave.model.sampling;

import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import java.nio.FloatBuffer;

/**
 * Chooses a token by its logit: temperature, then the k greatest, then the fewest of those whose probabilities reach p (Holtzman
 * et al., 2020), then one of what is left by chance.
 *
 * <p>The draw depends on seed, position and logits alone: the same ones give the same token, whatever was sampled before. It
 * walks the tokens in the order of their ids, so that logits that hardly differ hardly ever choose differently. Allocates
 * nothing once it is made. For one thread.
 */
public final class Sampler {
    private static final float LEAST_TEMPERATURE = 0.01f;
    private static final float GREATEST_TEMPERATURE = 10;

    private final int vocabulary;
    private final SamplingOptions options;
    private final double[] weights;
    private final KeyHeap heap;
    private double logProbability;

    /**
     * Creates a sampler.
     *
     * @param vocabulary number of logits, at least 1
     * @param options how it chooses
     * @throws ModelException with {@code OUT_OF_RANGE} for options outside their range
     */
    public Sampler(int vocabulary, SamplingOptions options) {
        validate(options);
        if (vocabulary < 1) {
            throw new ModelException(Reason.OUT_OF_RANGE, "vocabulary must be at least 1, but is " + vocabulary);
        }
        this.vocabulary = vocabulary;
        this.options = options;
        weights = new double[options.temperature() == 0 ? 0 : vocabulary];
        heap = new KeyHeap(heapSize());
    }

    private int heapSize() {
        if (options.temperature() == 0) {
            return 0;
        }
        return limited() ? options.topK() : options.topP() < 1 ? vocabulary : 0;
    }

    private boolean limited() {
        return options.topK() > 0 && options.topK() < vocabulary;
    }

    /**
     * Refuses options outside their range.
     *
     * @throws ModelException with {@code OUT_OF_RANGE}, naming option, value and range
     */
    public static void validate(SamplingOptions options) {
        float temperature = options.temperature();
        if (temperature != 0 && !(temperature >= LEAST_TEMPERATURE && temperature <= GREATEST_TEMPERATURE)) {
            throw new ModelException(
                    Reason.OUT_OF_RANGE,
                    "temperature must be 0 (greedy) or in " + LEAST_TEMPERATURE + ".." + GREATEST_TEMPERATURE
                            + ", but is " + temperature);
        }
        if (options.topK() < 0) {
            throw new ModelException(Reason.OUT_OF_RANGE, "top-k must be 0 (all) or more, but is " + options.topK());
        }
        if (!(options.topP() > 0 && options.topP() <= 1)) {
            throw new ModelException(
                    Reason.OUT_OF_RANGE, "top-p must be above 0 and at most 1 (all), but is " + options.topP());
        }
    }

    /**
     * Chooses a token.
     *
     * @param logits buffer that holds [vocabulary] logits; its position and limit are left alone
     * @param offset index of the first logit
     * @param position of the token that is chosen, in the sequence, from 0
     * @return its id, 0..vocabulary-1
     * @throws ModelException with {@code ENGINE} for logits of which one is NaN or +∞ or all are -∞
     */
    public int sample(FloatBuffer logits, int offset, int position) {
        int best = best(logits, offset);
        int chosen = options.temperature() == 0 ? best : draw(logits, offset, best, position);
        logProbability = logProbability(logits, offset, chosen, best);
        return chosen;
    }

    /**
     * Returns the natural logarithm of the probability that a row of logits gives to a token, at temperature 1.
     *
     * @param offset index of the first logit
     * @param id 0..vocabulary-1
     * @throws ModelException as {@link #sample} does
     */
    public double logProbability(FloatBuffer logits, int offset, int id) {
        return logProbability(logits, offset, id, best(logits, offset));
    }

    private double logProbability(FloatBuffer logits, int offset, int id, int best) {
        float greatest = logits.get(offset + best);
        double sum = 0;
        for (int i = 0; i < vocabulary; i++) {
            sum += Math.exp((double) logits.get(offset + i) - greatest);
        }
        return (double) logits.get(offset + id) - greatest - Math.log(sum);
    }

    /**
     * Returns the natural logarithm of the probability that the model gave to the last token: by its logits as they are, at
     * temperature 1, whatever the options left out.
     */
    public double lastLogProbability() {
        return logProbability;
    }

    private int best(FloatBuffer logits, int offset) {
        int best = -1;
        float greatest = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < vocabulary; i++) {
            float logit = logits.get(offset + i);
            if (logit > greatest) {
                greatest = logit;
                best = i;
            } else if (Float.isNaN(logit)) {
                throw new ModelException(Reason.ENGINE, "logit " + i + " of " + vocabulary + " is NaN");
            }
        }
        if (best < 0 || greatest == Float.POSITIVE_INFINITY) {
            throw new ModelException(
                    Reason.ENGINE,
                    best < 0
                            ? "all " + vocabulary + " logits are negative infinity"
                            : "logit " + best + " of " + vocabulary + " is infinite");
        }
        return best;
    }

    private int draw(FloatBuffer logits, int offset, int best, int position) {
        long cut = limited() ? keepGreatest(logits, offset) : Long.MIN_VALUE;
        double sum = weigh(logits, offset, logits.get(offset + best), cut);
        if (options.topP() < 1) {
            cut = reach(logits, offset, cut, options.topP() * sum, sum);
            sum = weigh(logits, offset, logits.get(offset + best), cut);
        }
        double target = SplitMix.uniform(options.seed(), position) * sum;
        int last = best;
        for (int i = 0; i < vocabulary; i++) {
            if (weights[i] > 0) {
                last = i;
                target -= weights[i];
                if (target < 0) {
                    break;
                }
            }
        }
        return last;
    }

    /** Returns the key of the k-th greatest logit. */
    private long keepGreatest(FloatBuffer logits, int offset) {
        heap.clear();
        for (int i = 0; i < vocabulary; i++) {
            heap.offerGreatest(key(logits.get(offset + i), i), options.topK());
        }
        return heap.least();
    }

    /** Sets the weight of each token whose key is at least the cut, and 0 for the others; returns their sum. */
    private double weigh(FloatBuffer logits, int offset, float greatest, long cut) {
        double sum = 0;
        double inverse = 1.0 / options.temperature();
        for (int i = 0; i < vocabulary; i++) {
            float logit = logits.get(offset + i);
            double weight = key(logit, i) >= cut ? Math.exp(((double) logit - greatest) * inverse) : 0;
            weights[i] = weight;
            sum += weight;
        }
        return sum;
    }

    /** Returns the key at which the weights, greatest first, reach a goal. */
    private long reach(FloatBuffer logits, int offset, long cut, double goal, double sum) {
        // All tokens below this weight together do not fill what the goal leaves out, so it is reached without them.
        // Half of
        // it, lest rounding matter.
        double negligible = 0.5 * (sum - goal) / vocabulary;
        heap.clear();
        for (int i = 0; i < vocabulary; i++) {
            long key = key(logits.get(offset + i), i);
            if (key >= cut && weights[i] >= negligible) {
                heap.append(key);
            }
        }
        heap.order();
        double reached = 0;
        long key = cut;
        while (reached < goal && !heap.isEmpty()) {
            key = heap.pollGreatest();
            reached += weights[id(key)];
        }
        return key;
    }

    /** Returns a number that orders tokens: by logit, and of equal ones the lower id is the greater. */
    private static long key(float logit, int id) {
        // Adding 0 makes -0 and 0 equal.
        int bits = Float.floatToIntBits(logit + 0f);
        int ordered = bits ^ bits >> 31 & 0x7fffffff;
        return (long) ordered << 32 | Integer.MAX_VALUE - id;
    }

    private static int id(long key) {
        return Integer.MAX_VALUE - (int) key;
    }
}
