package dev.cleave.quality.evaluation;

/**
 * One codec level on one file of choices.
 *
 * @param link name of the quality
 * @param accuracy items whose likeliest answer is the right one; of continuations, those that are the likeliest token for token
 * @param accuracyNorm the same with each log-probability divided by the answer's characters; null where the answers are not
 *     different texts
 * @param perplexity e to the mean negative log-probability of a whole continuation; null where there are choices
 * @param same items with the answer, or the likeliest tokens, of the lossless link
 * @param shortened items whose context lost its beginning, because the model's is shorter
 * @param leftOut items that count nowhere, because an answer alone does not fit the model's context
 */
public record ChoiceResult(
        String link, Share accuracy, Share accuracyNorm, Double perplexity, Share same, long shortened, long leftOut) {}
