package dev.cleave.bench.promise;

/**
 * One split on one emulated device and link: predicted and measured, in ms.
 *
 * @param predicted a token in the middle of the samples (ε = 1/2)
 * @param once a token, median of one run
 * @param twice of another
 * @param predictedFirst to the first token, in the middle of the samples
 * @param measuredFirst to the first token
 * @param measuredMean a token of the answer, the first one's wait included, in the mean
 * @param deadline that was promised for a token with ε = 5 %
 * @param late share of the tokens over it
 */
record Outcome(
        int split,
        double predicted,
        double once,
        double twice,
        double predictedFirst,
        double measuredFirst,
        double measuredMean,
        double deadline,
        double late) {
    double measured() {
        return (once + twice) / 2;
    }

    /** Returns how far two runs of the same are apart: no prediction can be nearer to both. */
    double apart() {
        return Math.abs(once / twice - 1);
    }

    double error() {
        return Math.abs(predicted / measured() - 1);
    }
}
