package dev.cleave.quality.evaluation;

import java.nio.FloatBuffer;

/** What logits say of tokens. Rows lie one behind the other; a row is named by the index of its first logit. */
final class Softmax {
    private final int vocabulary;
    private final double[] scratch;

    Softmax(int vocabulary) {
        this.vocabulary = vocabulary;
        scratch = new double[vocabulary];
    }

    /** Returns log Σ eˣ of a row: a logit less this is the log-probability of its token. */
    double logSum(FloatBuffer logits, int row) {
        double greatest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < vocabulary; i++) {
            scratch[i] = logits.get(row + i);
            greatest = Math.max(greatest, scratch[i]);
        }
        double sum = 0;
        for (int i = 0; i < vocabulary; i++) {
            sum += Math.exp(scratch[i] - greatest);
        }
        return greatest + Math.log(sum);
    }

    /**
     * Returns the Kullback–Leibler divergence of a row's predictions from those of the same row elsewhere, nats.
     *
     * @param referenceSum log Σ eˣ of the reference's row
     * @param sum log Σ eˣ of the row
     */
    double divergence(FloatBuffer reference, double referenceSum, FloatBuffer logits, double sum, int row) {
        double kl = 0;
        for (int i = 0; i < vocabulary; i++) {
            double log = reference.get(row + i) - referenceSum;
            kl += Math.exp(log) * (log - (logits.get(row + i) - sum));
        }
        return kl;
    }

    /** Returns the likeliest token of a row, the first of those that are equally likely. */
    int likeliest(FloatBuffer logits, int row) {
        int best = 0;
        for (int i = 1; i < vocabulary; i++) {
            if (logits.get(row + i) > logits.get(row + best)) {
                best = i;
            }
        }
        return best;
    }
}
