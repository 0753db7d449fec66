package dev.cleave.cloud.worker;

import dev.cleave.transport.worker.StepAnswer;

/** Times one session's steps, part by part. For one thread at a time. */
final class StepClock {
    private final WorkerMetrics metrics;

    // For the step.
    private long begun;
    private long decoded;
    private long computed;
    private boolean prompt;

    // For the prompt under way: 0 between prompts.
    private long promptBegun;

    StepClock(WorkerMetrics metrics) {
        this.metrics = metrics;
    }

    /** Starts a step; {@code ofPrompt} where it is a part of a prompt rather than a token of the answer. */
    void begin(boolean ofPrompt) {
        begun = System.nanoTime();
        if (ofPrompt && promptBegun == 0) {
            promptBegun = begun;
        }
        prompt = promptBegun != 0;
    }

    void decoded() {
        decoded = System.nanoTime();
    }

    void computed() {
        computed = System.nanoTime();
    }

    /** Ends the step, tells the device what it took, and counts it. */
    void sampled(int tokens, int sampled, StepAnswer answer) {
        long end = System.nanoTime();
        answer.timings(micros(begun, decoded), micros(decoded, computed), micros(computed, end));
        metrics.step(decoded - begun, computed - decoded, sampled > 0 ? end - computed : -1);
        metrics.tokens(tokens, sampled);
        if (sampled > 0) {
            if (prompt) {
                metrics.firstToken(end - promptBegun);
            } else {
                metrics.nextToken((end - begun) / sampled);
            }
            promptBegun = 0;
        }
    }

    private static int micros(long from, long to) {
        return (int) Math.min(Integer.MAX_VALUE, (to - from) / 1_000);
    }
}
