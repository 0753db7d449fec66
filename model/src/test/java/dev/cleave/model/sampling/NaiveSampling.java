package dev.cleave.model.sampling;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/** Sampling as the definition has it, by sorting everything: what the sampler is held against. */
final class NaiveSampling {
    private NaiveSampling() {}

    /** Returns the probability of each token that the options keep. */
    static TreeMap<Integer, Double> kept(float[] logits, SamplingOptions options) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < logits.length; i++) {
            order.add(i);
        }
        order.sort(Comparator.<Integer>comparingDouble(i -> -(logits[i] + 0.0)).thenComparing(i -> i));
        if (options.topK() > 0 && options.topK() < order.size()) {
            order = order.subList(0, options.topK());
        }
        TreeMap<Integer, Double> weights = weights(logits, order, options.temperature());
        double sum = sum(weights);
        if (options.topP() < 1) {
            int count = 0;
            double reached = 0;
            while (count < order.size() && reached < options.topP() * sum) {
                reached += weights.get(order.get(count++));
            }
            weights = weights(logits, order.subList(0, count), options.temperature());
            sum = sum(weights);
        }
        double all = sum;
        weights.replaceAll((id, weight) -> weight / all);
        return weights;
    }

    /** Returns the token at which the probabilities, in the order of ids, exceed a number in [0, 1). */
    static int choose(TreeMap<Integer, Double> probabilities, double uniform) {
        double left = uniform;
        for (var token : probabilities.entrySet()) {
            left -= token.getValue();
            if (left < 0) {
                return token.getKey();
            }
        }
        return probabilities.lastKey();
    }

    static double logProbability(float[] logits, int id) {
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp((double) logit - logits[id]);
        }
        return -Math.log(sum);
    }

    private static TreeMap<Integer, Double> weights(float[] logits, List<Integer> ids, float temperature) {
        double greatest = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            greatest = Math.max(greatest, logit);
        }
        TreeMap<Integer, Double> weights = new TreeMap<>();
        for (int id : ids) {
            weights.put(id, Math.exp((logits[id] - greatest) / temperature));
        }
        return weights;
    }

    private static double sum(TreeMap<Integer, Double> weights) {
        return weights.values().stream().reduce(0.0, Double::sum);
    }
}
