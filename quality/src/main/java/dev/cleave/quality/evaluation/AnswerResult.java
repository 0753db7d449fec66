package dev.cleave.quality.evaluation;

/**
 * One codec level on prompts with known answers.
 *
 * @param link name of the quality
 * @param exact answers that are as expected
 * @param same answers whose ids are those over the lossless link
 */
public record AnswerResult(String link, Share exact, Share same) {}
