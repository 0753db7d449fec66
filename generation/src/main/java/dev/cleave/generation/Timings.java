package dev.cleave.generation;

/**
 * What a generation took. The numbers are NaN where there is no decode step: the prompt's last step yields the first token.
 *
 * @param decodeSteps steps that {@code mean} and {@code median} speak of
 * @param mean over the decode steps
 * @param median over the decode steps, part by part
 * @param prefill ms from the prompt's first chunk to the first token
 */
public record Timings(int decodeSteps, StepMillis mean, StepMillis median, double prefill) {}
